// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>
#include <outthink/core/selection.hpp>

#include <cstddef>
#include <span>

namespace outthink {

/// @brief The mean value of the best-scored of k samples, over all ways to draw k of n.
///
/// How it works: with the samples ranked by score, that of rank i (0 the best) is the best of
/// C(n - i - 1, k - 1) of the C(n, k) subsets. With values of 1 for right and 0 for wrong it is the
/// accuracy of best-of-k, a curve over k from one set of n samples.
/// Shapes and units: `scores` [n] that choose; `values` [n] of what is chosen, in any unit.
/// Requires: as many values as scores, 1 ≤ k ≤ n. Cost: O(n log n). Errors:
/// `errc::invalid_argument` outside that range.
/// Numerics: in double, by ratios, so that no binomial coefficient overflows. Samples with equal
/// scores share their subsets evenly, as if ties were broken at random; NaN ranks below everything.
/// Reference: N. Singhi et al. 2025, arXiv:2504.01005, who average over 100 shuffles instead.
[[nodiscard]] inline double expected_best_of_k(std::span<const float> scores,
                                               std::span<const double> values, std::size_t k) {
  require(scores.size() == values.size(), "expected_best_of_k: give one value for each score");
  const std::size_t n = scores.size();
  require(k >= 1 && k <= n, "expected_best_of_k: k must lie between 1 and the number of samples");
  const auto order = best_positions(scores, n);
  const auto tied = [&](std::size_t i, std::size_t j) {
    const float a = scores[order[i]], b = scores[order[j]];
    return a == b || (a != a && b != b);
  };
  double mean = 0;
  // C(n - i - 1, k - 1) / C(n, k), from rank to rank.
  double chance = static_cast<double>(k) / static_cast<double>(n);
  for (std::size_t first = 0, last; first < n; first = last) {
    double sum = 0, chance_of_tied = 0;
    for (last = first; last < n && tied(first, last); ++last) {
      sum += values[order[last]];
      chance_of_tied += chance;
      const auto left = static_cast<double>(n - last - 1);
      chance *= left > 0 ? (left - static_cast<double>(k - 1)) / left : 0;
      if (chance < 0) chance = 0;
    }
    mean += chance_of_tied * sum / static_cast<double>(last - first);
  }
  return mean;
}

}  // namespace outthink
