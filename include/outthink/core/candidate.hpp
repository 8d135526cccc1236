// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace outthink {

/// @brief A finished solution that takes part in the choice of the answer.
struct candidate {
  std::string solution;                  ///< the text after the problem
  std::string answer;                    ///< extracted from the solution
  std::string key;                       ///< what is voted on; empty: the answer itself
  std::vector<std::uint32_t> step_ends;  ///< [steps] where each step ends in `solution`, in bytes
  std::vector<float> step_scores;        ///< [steps], or empty without a verifier
  double logprob = 0;                    ///< natural log-probability of the solution's tokens
  std::uint32_t tokens = 0;              ///< tokens of the solution

  /// What is compared in a vote: the key, or the answer if there is none.
  [[nodiscard]] std::string_view vote() const noexcept { return key.empty() ? answer : key; }
  /// Number of steps.
  [[nodiscard]] std::size_t steps() const noexcept { return step_ends.size(); }
  /// Text of step `i`, its delimiter included.
  [[nodiscard]] std::string_view step(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : step_ends[i - 1];
    return std::string_view(solution).substr(begin, step_ends[i] - begin);
  }
};

}  // namespace outthink
