// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/aggregators/decide_by_weight.hpp>
#include <outthink/concepts/aggregator.hpp>
#include <outthink/core/candidate.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/step_reduction.hpp>
#include <outthink/kernels/borda_weights.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace outthink {

/// @brief Chooses the answer whose solutions rank best: a Borda count with a power.
///
/// How it works: of n solutions that have an answer, the one of rank r (0 the best score) weighs
/// (n - r)^power; the answer with the largest sum wins. Only the order of the scores counts, so it
/// takes scores of any unit, self-certainty or logprobs for instance.
/// Requires: a power that is not negative, and so small that n^power is a float. Candidates with an
/// empty answer do not vote, and have no rank. Cost: O(n log n). Errors: `errc::invalid_argument`
/// for a negative power or NaN. Confidence: the winner's share of all weight. Numerics: of equal
/// scores the earlier ranks better, NaN below everything; a power of 0 is a majority, and the
/// larger the power, the nearer to the best score. Of equal sums the answer given first wins; its
/// best-ranked solution represents it. Reference: Z. Kang et al. 2025, arXiv:2502.18581, section 3;
/// their power is tuned with n (.3 for 8 samples, 1.2 for 64), their code's default is .5.
struct borda_vote {
  double power = 0.5;                               ///< ≥ 0
  step_reduction reduction = step_reduction::last;  ///< how steps become one score

  [[nodiscard]] decision operator()(std::span<const candidate> candidates) const {
    require(power >= 0, "borda_vote: power must not be negative");
    std::vector<float> scores;
    std::vector<std::size_t> voters;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (candidates[i].answer.empty()) continue;
      voters.push_back(i);
      scores.push_back(reduce_steps(candidates[i].step_scores, reduction));
    }
    std::vector<float> points(scores.size());
    std::vector<std::size_t> order(scores.size());
    kernels::borda_weights(scores, power, points, order);
    std::vector<float> weights(candidates.size());
    for (std::size_t i = 0; i < voters.size(); ++i) weights[voters[i]] = points[i];
    return detail::decide_by_weight(candidates, weights);
  }
};

}  // namespace outthink
