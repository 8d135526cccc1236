// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/aggregators/decide_by_weight.hpp>
#include <outthink/concepts/aggregator.hpp>
#include <outthink/core/candidate.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/step_reduction.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace outthink {

/// @brief Drops the solutions of which the model was least sure and lets the others vote by their
/// confidence: DeepConf's filter and vote.
///
/// How it works: a solution's confidence is its score, as `trace_confidence` measures it for
/// instance. Solutions below the (1 - share) quantile of the confidences do not vote; each of the
/// others weighs its confidence. A share of 1 keeps all, the published filters keep .1 and .9.
/// Requires: a share in (0, 1]; confidences that are not negative. Candidates with an empty answer
/// do not vote, and are left out of the quantile.
/// Cost: O(n log n). Errors: `errc::invalid_argument` for a share outside its range.
/// Confidence: the winner's share of the weight that was not dropped.
/// Numerics: the quantile interpolates between neighbouring confidences, as numpy's does; those
/// equal to it stay. NaN is dropped. Of equal sums the answer given first wins; its most confident
/// solution represents it. If nothing weighs anything, all weigh the same.
/// Reference: Y. Fu et al. 2025, arXiv:2508.15260. The published code shows the majority of all
/// where its options ask for several votes; here the weighted vote is the answer.
struct confidence_vote {
  double share = 0.9;                               ///< of solutions kept, in (0, 1]
  step_reduction reduction = step_reduction::last;  ///< how steps become one confidence

  [[nodiscard]] decision operator()(std::span<const candidate> candidates) const {
    require(share > 0 && share <= 1, "confidence_vote: share must lie in (0, 1]");
    std::vector<float> weights = detail::reduced_scores(candidates, reduction);
    std::vector<float> sorted;
    for (std::size_t i = 0; i < weights.size(); ++i)
      if (!candidates[i].answer.empty() && weights[i] == weights[i]) sorted.push_back(weights[i]);
    if (!sorted.empty()) {
      std::sort(sorted.begin(), sorted.end());
      const double threshold = quantile(sorted, 1 - share);
      for (float& weight : weights)
        if (static_cast<double>(weight) < threshold) weight = 0;
    }
    return detail::decide_by_weight(candidates, weights);
  }

 private:
  static double quantile(const std::vector<float>& sorted, double at) {
    const double place = at * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const double low = static_cast<double>(sorted[below]);
    const double part = place - static_cast<double>(below);
    if (!(part > 0) || below + 1 == sorted.size()) return low;
    const double high = static_cast<double>(sorted[below + 1]);
    return low == high ? low : low + part * (high - low);
  }
};

}  // namespace outthink
