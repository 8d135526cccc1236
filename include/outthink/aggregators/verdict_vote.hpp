// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/aggregators/decide_by_weight.hpp>
#include <outthink/concepts/aggregator.hpp>
#include <outthink/core/candidate.hpp>
#include <outthink/core/judgement.hpp>

#include <span>
#include <vector>

namespace outthink {

/// @brief Chooses the answer whose solutions were verified best, by three-valued verdicts.
///
/// How it works: a solution's verdict is the `judgement` of its last score: right from 3/4, wrong
/// up to 1/4, and uncertain between, where it has no score, or NaN. Each verdict has a weight; the
/// answer with the largest sum wins. Requires: weights that are not negative, of which right has
/// the largest. Equal weights are a majority. Candidates with an empty answer do not vote. Cost:
/// O(n) expected. Errors: none. Confidence: the winner's share of all weight. Numerics: sums in
/// double; of equal sums the answer given first wins; its best-verified solution, the earlier of
/// equals, represents it. If nothing weighs anything, all weigh the same. Reference: A. Zhou et al.
/// 2023, arXiv:2308.07921 (code-based self-verification, CSV).
struct verdict_vote {
  float right = 1;         ///< weight of a solution that was found right
  float uncertain = 0.5F;  ///< weight of one without a clear verdict
  float wrong = 0.2F;      ///< weight of one that was found wrong

  [[nodiscard]] decision operator()(std::span<const candidate> candidates) const {
    std::vector<float> weights;
    weights.reserve(candidates.size());
    for (const candidate& one : candidates) {
      const float score = one.step_scores.empty() ? 0.5F : one.step_scores.back();
      weights.push_back(weight_of(judgement_of(score)));
    }
    return detail::decide_by_weight(candidates, weights);
  }

 private:
  [[nodiscard]] float weight_of(judgement made) const noexcept {
    return made == judgement::right ? right : made == judgement::wrong ? wrong : uncertain;
  }
};

}  // namespace outthink
