// SPDX-License-Identifier: MIT
#pragma once

#include <limits>
#include <span>

namespace outthink {

/// How the scores of a trace's steps become one score.
enum class step_reduction {
  last,     ///< the last step's: right where a score predicts the final outcome (reward to go)
  min,      ///< the smallest: right where a score judges its own step
  product,  ///< the product; scores must lie in [0, 1]
  mean,     ///< the average
};

/// @brief Reduces the scores of a trace's steps to one.
///
/// Shapes and units: `scores` [steps], in the verifier's unit.
/// Requires: nothing; without a score the result is minus infinity, below every other.
/// Cost: O(steps). Errors: none.
/// Numerics: float result of double accumulation; a NaN among the scores gives NaN for every
/// reduction that reads it.
/// Reference: C. Snell et al. 2024 (arXiv:2408.03314) use `last`, H. Lightman et al. 2023
/// (arXiv:2305.20050) `product` and `min`; Liu et al. 2025 (arXiv:2502.06703) call the mean `avg`
/// and give an empty trace -1.
[[nodiscard]] constexpr float reduce_steps(std::span<const float> scores,
                                           step_reduction reduction) noexcept {
  if (scores.empty()) return -std::numeric_limits<float>::infinity();
  if (reduction == step_reduction::last) return scores.back();
  double result = reduction == step_reduction::mean ? 0.0 : static_cast<double>(scores.front());
  switch (reduction) {
    case step_reduction::min:
      for (const float s : scores)
        result = (s < result || s != s) ? static_cast<double>(s) : result;
      break;
    case step_reduction::product:
      for (const float s : scores.subspan(1)) result *= static_cast<double>(s);
      break;
    case step_reduction::mean:
      for (const float s : scores) result += static_cast<double>(s);
      result /= static_cast<double>(scores.size());
      break;
    case step_reduction::last:
      break;
  }
  return static_cast<float>(result);
}

}  // namespace outthink
