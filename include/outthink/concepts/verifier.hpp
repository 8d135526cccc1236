// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/service.hpp>
#include <outthink/core/inline_vector.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/core/step_rule.hpp>
#include <outthink/core/trace.hpp>
#include <outthink/core/usage.hpp>

#include <concepts>
#include <cstdint>
#include <string>

namespace outthink {

/// What is asked of a verifier: score the steps [from, trace.steps()) of `trace`.
struct score_request {
  trace_view trace;
  std::uint32_t from;     ///< first step that has no score yet, counted from 0
  const step_rule* rule;  ///< what ends a step: the generator's own rule
  stream_id stream;       ///< random numbers for verifiers that sample
};

/// What a verifier answers.
struct verdict {
  inline_vector<float, 6> scores;  ///< [trace.steps() - from] one score per step asked for
  cost spent{};
  std::string failure{};  ///< why there is no score; empty if there is
};

/// @brief Scores solutions, step by step.
///
/// Semantic requirements beyond those of `service`:
/// 1. A step's score depends on the problem and the steps up to it, not on later ones.
/// 2. Higher is better. Scores in [0, 1] can be read as probabilities; votes and products need them
///    in that range, choices by maximum do not.
/// 3. A verifier that judges whole solutions only (an outcome reward model) gives its score to the
///    last step and NaN to those before it. NaN for the last step says that there is no score; the
///    search does not ask again.
///
/// Models in this library: all of `outthink/verifiers/`. Smallest model:
/// `tests/archetypes/verifier.hpp`.
template <class V>
concept verifier = service<V> && std::same_as<typename V::request, score_request> &&
    std::same_as<typename V::response, verdict>;

/// @brief A verifier that never scores: the search skips it at no cost. See `no_verifier`.
template <class V>
concept abstaining_verifier = requires {
  requires V::abstains;
};

namespace detail {

/// Says in a sentence which requirement of `verifier` a type lacks.
template <class V>
consteval bool diagnose_verifier() {
  static_assert(service_interface<V>,
                "outthink: a verifier needs `using request = outthink::score_request; "
                "using response = outthink::verdict;`");
  if constexpr (service_interface<V>) {
    static_assert(std::same_as<typename V::request, score_request>,
                  "outthink: a verifier's `request` must be outthink::score_request");
    static_assert(std::same_as<typename V::response, verdict>,
                  "outthink: a verifier's `response` must be outthink::verdict");
    static_assert(service<V>,
                  "outthink: a verifier needs `answer(std::span<const score_request>)` that "
                  "returns one verdict for each request, e.g. std::vector<verdict>");
  }
  return verifier<V>;
}

}  // namespace detail

}  // namespace outthink
