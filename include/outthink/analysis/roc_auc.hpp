// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>
#include <outthink/core/selection.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace outthink {

/// @brief The probability that a right answer scores above a wrong one: the area under the ROC
/// curve.
///
/// How it works: the pairs of a right and a wrong answer that the scores order rightly, a tie as
/// half a pair. 1/2 is chance. For a search what counts is the order within a problem: average over
/// problems that have both kinds, as scores pooled over problems also tell easy from hard.
/// Shapes and units: `scores` [n], in any unit; `right` [n], 0 or 1.
/// Requires: as many of both. Cost: O(n log n). Errors: `errc::invalid_argument` for different
/// numbers. Numerics: exact to rounding; NaN scores lowest, level with other NaN. The result is NaN
/// where all answers are right or all are wrong.
/// Reference: J. Hanley, B. McNeil 1982, "The meaning and use of the area under a receiver
/// operating characteristic (ROC) curve".
[[nodiscard]] inline double roc_auc(std::span<const float> scores,
                                    std::span<const std::uint8_t> right) {
  require(scores.size() == right.size(), "roc_auc: give a result for each score");
  const auto order = best_positions(scores, scores.size());
  double all_right = 0, all_wrong = 0, pairs = 0;
  for (std::size_t first = 0, last; first < order.size(); first = last) {
    const float score = scores[order[first]];
    double tied_right = 0, tied_wrong = 0;
    for (last = first; last < order.size(); ++last) {
      const float other = scores[order[last]];
      if (!(other == score || (other != other && score != score))) break;
      (right[order[last]] != 0 ? tied_right : tied_wrong) += 1;
    }
    pairs += tied_wrong * (all_right + tied_right / 2);
    all_right += tied_right;
    all_wrong += tied_wrong;
  }
  if (all_right == 0 || all_wrong == 0) return std::numeric_limits<double>::quiet_NaN();
  return pairs / (all_right * all_wrong);
}

}  // namespace outthink
