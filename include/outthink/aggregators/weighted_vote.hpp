// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/aggregators/answer_groups.hpp>
#include <outthink/concepts/aggregator.hpp>
#include <outthink/core/candidate.hpp>
#include <outthink/core/step_reduction.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace outthink {

/// @brief Chooses the answer whose solutions have the largest sum of scores.
///
/// Requires: scores that are not negative, or more copies of an answer would lower its sum:
/// negative scores and NaN weigh nothing. Candidates with an empty answer do not vote.
/// Cost: O(n) expected, and a reduction each. Errors: none.
/// Confidence: the winner's share of all weight; if no candidate has a positive weight (there is no
/// verifier), every candidate weighs the same.
/// Numerics: sums in double, in the order of the candidates; of equal sums the answer given first
/// wins. The representative is the answer's best-scored solution, the earlier of equals.
/// Reference: Y. Li et al. 2022, arXiv:2206.02336 (weighted voting); best-of-N weighted in C. Snell
/// et al. 2024, arXiv:2408.03314; `prm_last_vote`, … in Liu et al. 2025, arXiv:2502.06703.
/// Example: examples/custom_verifier.cpp.
struct weighted_vote {
  step_reduction reduction = step_reduction::last;  ///< how steps become one score

  [[nodiscard]] decision operator()(std::span<const candidate> candidates) const {
    std::vector<double> weights = weigh(candidates);
    const std::vector<std::size_t> group = detail::group_by_answer(candidates);
    std::vector<double> sums(candidates.size());
    std::vector<std::size_t> representative = group;
    double total = 0;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      sums[group[i]] += weights[i];
      total += weights[i];
      std::size_t& best = representative[group[i]];
      if (weights[i] > weights[best]) best = i;
    }
    std::size_t winner = outcome::none;
    for (std::size_t i = 0; i < sums.size(); ++i) {
      if (sums[i] > 0 && (winner == outcome::none || sums[i] > sums[winner])) winner = i;
    }
    if (winner == outcome::none) return {};
    return {representative[winner], sums[winner] / total};
  }

 private:
  [[nodiscard]] std::vector<double> weigh(std::span<const candidate> candidates) const {
    std::vector<double> weights(candidates.size());
    bool any = false;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const float score = reduce_steps(candidates[i].step_scores, reduction);
      if (candidates[i].answer.empty() || !(score > 0)) continue;
      weights[i] = static_cast<double>(score);
      any = true;
    }
    if (any) return weights;
    for (std::size_t i = 0; i < candidates.size(); ++i)
      weights[i] = candidates[i].answer.empty() ? 0 : 1;
    return weights;
  }
};

}  // namespace outthink
