// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/aggregators/answer_groups.hpp>
#include <outthink/aggregators/decide_by_weight.hpp>
#include <outthink/concepts/aggregator.hpp>
#include <outthink/core/candidate.hpp>
#include <outthink/core/step_reduction.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace outthink {

/// @brief Chooses the answer whose solutions have the largest mean score, however many they are.
///
/// Requires: scores; one lucky solution outweighs many good ones, where `weighted_vote` counts
/// support. Candidates with an empty answer or a score of NaN do not count.
/// Cost: O(n) expected, and a reduction each. Errors: none.
/// Confidence: the mean, clamped to [0, 1]; 0 for solutions without scores.
/// Numerics: sums in double, in the order of the candidates; of equal means the answer given first.
/// The representative is the answer's best-scored solution, the earlier of equals.
/// Reference: S. Jiang et al. 2025, arXiv:2501.12051 (MedS³: `vote-mean` beside `vote-sum`).
/// Example: tests/aggregators/mean_vote.cpp.
struct mean_vote {
  step_reduction reduction = step_reduction::last;  ///< how steps become one score

  [[nodiscard]] decision operator()(std::span<const candidate> candidates) const {
    const std::vector<std::size_t> first = detail::group_by_answer(candidates);
    const std::vector<float> scores = detail::reduced_scores(candidates, reduction);
    struct group {
      double sum = 0, count = 0;
      std::size_t best = 0;
    };
    std::vector<group> groups(candidates.size());  // by their first solution
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (candidates[i].answer.empty() || scores[i] != scores[i]) continue;
      group& own = groups[first[i]];
      if (own.count == 0 || scores[i] > scores[own.best]) own.best = i;
      own.sum += static_cast<double>(scores[i]);
      ++own.count;
    }
    decision made;
    double largest = 0;
    for (const group& one : groups) {
      if (one.count == 0) continue;
      const double mean = one.sum / one.count;
      if (made.chosen != outcome::none && !(mean > largest)) continue;
      made.chosen = one.best;
      largest = mean;
    }
    made.confidence = largest > 1 ? 1 : largest > 0 ? largest : 0;
    return made;
  }
};

}  // namespace outthink
