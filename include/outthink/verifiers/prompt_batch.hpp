// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/answers_of.hpp>
#include <outthink/concepts/language_model.hpp>
#include <outthink/concepts/verifier.hpp>
#include <outthink/core/error.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink::verifiers {

/// Writes the question about a trace.
using prompt_template = std::string (*)(const trace_view& trace);

/// How a language model writes what a verifier reads.
struct reply_options {
  std::uint32_t max_tokens = 1024;                 ///< longest reply; at least 1
  sampling_options sampling{.temperature = 0.7F};  ///< how replies are drawn
  std::vector<std::string> stops{};                ///< texts that end a reply, kept in it
  std::size_t max_batch = 512;                     ///< most requests in one call of the model
};

/// @brief Prompts for a language model that belong to no search, asked together.
///
/// How it works: `add` notes a prompt and how many replies are wanted; `ask` gives the replies to
/// all of them, in order. Every reply has a stream of its own.
/// Requires: the model outlives the call. Cost: one generation per reply, at most `max_batch` in a
/// call of the model. Errors: `errc::malformed_reply` for the wrong number of answers, and what the
/// model throws; a reply that failed is given as it is. Determinism: the model's.
class prompt_batch {
 public:
  explicit prompt_batch(const reply_options& options)
      : max_batch_(options.max_batch), sampling_(options.sampling) {
    require(options.max_tokens > 0, "reply_options.max_tokens must be positive");
    require(options.max_batch > 0, "reply_options.max_batch must be positive");
    rule_.delimiter.clear();
    rule_.max_tokens = rule_.max_total_tokens = options.max_tokens;
    rule_.stops = options.stops;
  }

  /// Notes a prompt to which `replies` replies are wanted.
  void add(std::string_view prompt, std::size_t replies, stream_id stream) {
    prompts_.push_back({text_tree(step_payload{.text = prompt}), replies, stream});
  }

  /// The replies, those to a prompt together.
  template <language_model Model>
  [[nodiscard]] std::vector<generation> ask(Model& model) const {
    std::vector<generation_request> requests;
    for (const auto& [tree, replies, stream] : prompts_) {
      for (std::uint32_t i = 0; i < replies; ++i) {
        requests.push_back({.trace = {tree, text_tree::root()},
                            .rule = &rule_,
                            .until = extent::solution,
                            .max_tokens = rule_.max_tokens,
                            .sampling = sampling_,
                            .stream = {stream.key, mix_bits(stream.place, i)},
                            .ordinal = i});
      }
    }
    return outthink::detail::answers_of(model, std::span<const generation_request>(requests),
                                        max_batch_);
  }

 private:
  struct entry {
    text_tree tree;
    std::size_t replies;
    stream_id stream;
  };

  std::size_t max_batch_;
  sampling_options sampling_;
  step_rule rule_;
  std::vector<entry> prompts_;
};

namespace detail {

/// Charges an answer for a reply and notes its failure; true if there is something to read.
template <class Answer>
bool take_reply(const generation& reply, Answer& into) {
  into.spent += reply.spent;
  if (reply.ended != finish::failed) return true;
  if (into.failure.empty()) into.failure = "language model: " + reply.text;
  return false;
}

}  // namespace detail

}  // namespace outthink::verifiers
