// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/aggregators/decide_by_weight.hpp>
#include <outthink/concepts/aggregator.hpp>
#include <outthink/core/candidate.hpp>
#include <outthink/core/step_reduction.hpp>

#include <span>

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
    return detail::decide_by_weight(candidates, detail::reduced_scores(candidates, reduction));
  }
};

}  // namespace outthink
