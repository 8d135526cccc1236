// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/aggregator.hpp>
#include <outthink/core/candidate.hpp>
#include <outthink/core/step_reduction.hpp>

#include <algorithm>
#include <cstddef>
#include <span>

namespace outthink {

/// @brief Chooses the solution with the best score: the last word of best-of-N.
///
/// Requires: nothing; candidates without scores rank below all with numbers.
/// Cost: O(candidates · steps). Errors: none.
/// Confidence: the winner's score, clamped to [0, 1]; a probability where the scores are.
/// Numerics: equal scores keep the earlier candidate; NaN ranks lowest.
/// Reference: named `prm_last_max`, `prm_min_max`, … in Liu et al. 2025, arXiv:2502.06703.
/// Example: examples/best_of_n.cpp.
struct best_score {
  step_reduction reduction = step_reduction::last;  ///< how steps become one score

  [[nodiscard]] decision operator()(std::span<const candidate> candidates) const {
    decision best;
    float best_value = 0;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const float value = reduce_steps(candidates[i].step_scores, reduction);
      const bool counts = value == value, best_counts = best_value == best_value;
      const bool better = value > best_value || (counts && !best_counts);
      if (best.chosen != outcome::none && !better) continue;
      best.chosen = i;
      best_value = value;
    }
    best.confidence = best_value > 0 ? std::min(1.0, static_cast<double>(best_value)) : 0.0;
    return best;
  }
};

}  // namespace outthink
