// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/language_model.hpp>
#include <outthink/core/numbering.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace outthink::backends {

/// One recorded continuation.
struct recorded_sample {
  std::string text;          ///< what followed the prefix
  std::uint32_t tokens = 0;  ///< tokens it took; 0 if the log does not say
  float logprob = 0;         ///< natural log-probability; 0 if the log does not say
};

/// @brief A language model that answers from a recorded log.
///
/// How it works: the log holds, for a text (a problem, or a problem and some steps), the
/// continuations that were recorded after it. The i-th continuation asked for after a text is the
/// i-th recorded one; nothing is drawn. A continuation that ends with the delimiter is a step when
/// a step was asked for, and a whole solution otherwise. Of one that took more tokens than may be
/// written, as many are replayed, and as much of its text in proportion: it was cut.
///
/// Cost: a hash of the text per request. Errors: a request beyond the log is answered as failed,
/// with a message that names the text and the number of samples, and fails its search alone.
/// Determinism: by construction.
/// Example: tests/recorded/game24_samples.cpp.
class replay {
 public:
  using request = generation_request;
  using response = generation;

  /// Adds a continuation after those that are recorded for `text`.
  void record(const std::string& text, recorded_sample sample) {
    const auto [number, is_new] = texts_.add(text);
    if (is_new) samples_.emplace_back();
    samples_[number].push_back(std::move(sample));
  }

  /// Number of continuations recorded after `text`.
  [[nodiscard]] std::size_t samples_after(const std::string& text) const {
    const std::size_t number = texts_.find(text);
    return number == texts_.size() ? 0 : samples_[number].size();
  }

  [[nodiscard]] std::vector<generation> answer(std::span<const generation_request> requests) const {
    std::vector<generation> answers;
    answers.reserve(requests.size());
    for (const generation_request& asked : requests) answers.push_back(answer_one(asked));
    return answers;
  }

 private:
  [[nodiscard]] generation answer_one(const generation_request& asked) const {
    generation answer;
    const std::string text = asked.trace.text();
    const std::size_t known = samples_after(text);
    if (asked.ordinal >= known) {
      answer.ended = finish::failed;
      answer.text = "the recording holds " + std::to_string(known) + " samples after \"" + text +
                    "\"; sample " + std::to_string(asked.ordinal + 1) + " was asked for";
      return answer;
    }
    const recorded_sample& sample = samples_[texts_.find(text)][asked.ordinal];
    const std::string& delimiter = asked.rule->delimiter;
    const bool is_step =
        asked.until == extent::step && !delimiter.empty() && sample.text.ends_with(delimiter);
    answer.text = sample.text;
    answer.ended = is_step ? finish::step_end : finish::text_end;
    answer.logprob = sample.logprob;
    answer.spent.tokens_written = sample.tokens;
    if (sample.tokens > asked.max_tokens) {
      answer.text.resize(answer.text.size() * asked.max_tokens / sample.tokens);
      answer.ended = finish::length;
      answer.spent.tokens_written = asked.max_tokens;
    }
    return answer;
  }

  numbering<std::string> texts_;
  std::vector<std::vector<recorded_sample>> samples_;  // by the text's number
};

}  // namespace outthink::backends
