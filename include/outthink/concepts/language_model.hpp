// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/service.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/core/sampling_options.hpp>
#include <outthink/core/step_rule.hpp>
#include <outthink/core/trace.hpp>
#include <outthink/core/usage.hpp>

#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace outthink {

/// How far a generation goes.
enum class extent : std::uint8_t {
  step,      ///< to the end of the next step
  solution,  ///< to the end of the answer
};

/// What is asked of a language model: continue `trace`.
struct generation_request {
  trace_view trace;          ///< the problem and the steps so far
  const step_rule* rule;     ///< what ends a step and a solution
  extent until;              ///< one step, or all that is missing
  std::uint32_t max_tokens;  ///< at most this many tokens; at least 1
  sampling_options sampling;
  stream_id stream;       ///< the random numbers of this request
  std::uint32_t ordinal;  ///< which continuation of the trace this is, from 0
};

/// Why a generation ended.
enum class finish : std::uint8_t {
  step_end,  ///< at a delimiter; the solution goes on
  text_end,  ///< the solution is complete: the model ended its text or wrote a stop text
  length,    ///< `max_tokens` or the model's context was reached first
  failed,    ///< no answer; `text` says why
};

/// What a language model answers.
struct generation {
  std::string text;  ///< what was added to the trace, delimiters and stop texts included
  finish ended = finish::text_end;
  float logprob = 0;  ///< natural log-probability of the tokens as the model itself gives it
  cost spent{};
  /// The same under the request's sampling options; NaN if unknown or if they change nothing.
  float drawn_logprob = std::numeric_limits<float>::quiet_NaN();
  /// [tokens] How sure the model was of each token: minus the mean logprob of the likeliest tokens
  /// at its place, nats (DeepConf); empty if unknown.
  std::vector<float> confidences{};
};

/// @brief Continues texts: the model whose answers the library improves.
///
/// Semantic requirements beyond those of `service`:
/// 1. The text of a response follows the trace directly and obeys `rule`: with `extent::step` it
///    ends after the first delimiter, with `extent::solution` at the end of the answer.
/// 2. Where the model ends its text right after a delimiter, `ended` is `text_end` already for that
///    step. A service that cannot look ahead answers the next request with an empty text and
///    `text_end` instead.
/// 3. The same request gives the same response: randomness comes from `stream` alone. (A server
///    that cannot promise this gives up the library's promise of reproducible answers, no more.)
/// 4. `spent.tokens_written` ≤ `max_tokens`.
///
/// Models in this library: `decoder`, `backends::scripted`, `backends::replay`.
/// Smallest model: `tests/archetypes/language_model.hpp`. See also: `token_model`, `verifier`.
template <class M>
concept language_model = service<M> && std::same_as<typename M::request, generation_request> &&
    std::same_as<typename M::response, generation>;

namespace detail {

/// Says in a sentence which requirement of `language_model` a type lacks.
template <class M>
consteval bool diagnose_language_model() {
  static_assert(service_interface<M>,
                "outthink: a language_model needs `using request = outthink::generation_request; "
                "using response = outthink::generation;`");
  if constexpr (service_interface<M>) {
    static_assert(std::same_as<typename M::request, generation_request>,
                  "outthink: a language_model's `request` must be outthink::generation_request");
    static_assert(std::same_as<typename M::response, generation>,
                  "outthink: a language_model's `response` must be outthink::generation");
    static_assert(service<M>,
                  "outthink: a language_model needs `answer(std::span<const generation_request>)` "
                  "that returns one generation for each request, e.g. std::vector<generation>");
  }
  return language_model<M>;
}

}  // namespace detail

}  // namespace outthink
