// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/verifier.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink::test {

/// A verifier that scores each step by a function of the solution's text up to the step's end.
template <class Score>
class scripted_verifier {
 public:
  using request = score_request;
  using response = verdict;

  explicit scripted_verifier(Score score) : score_(std::move(score)) {}

  std::vector<std::size_t> batches;       ///< requests of each call
  std::vector<std::string> steps_scored;  ///< the text up to each step that was asked for

  std::vector<verdict> answer(std::span<const score_request> requests) {
    batches.push_back(requests.size());
    std::vector<verdict> verdicts;
    for (const score_request& asked : requests) {
      verdict made;
      std::string text;
      std::size_t i = 0;
      for (const std::string_view step : asked.trace.step_texts()) {
        text += step;
        if (i++ < asked.from) continue;
        made.scores.push_back(static_cast<float>(score_(std::string_view(text))));
        steps_scored.push_back(text);
      }
      made.spent.tokens_read = static_cast<std::uint32_t>(text.size());
      verdicts.push_back(std::move(made));
    }
    return verdicts;
  }

 private:
  Score score_;
};

}  // namespace outthink::test
