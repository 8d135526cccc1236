// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>
#include <outthink/policies/compute_optimal/bin_of.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace outthink {

/// @brief The edges between bins of equally many problems, from how easy each problem is.
///
/// How it works: the quantiles of ease. Ease is the share of right samples where answers are known
/// (oracle difficulty), or a verifier's mean score where they are not (predicted difficulty); the
/// edges are what `bins_by_score` and `bin_of` take for problems to come.
/// Shapes and units: `ease` [n], any unit, larger is easier; the result [bins - 1], ascending.
/// Requires: n ≥ 1, bins ≥ 1. Cost: O(n log n). Errors: `errc::invalid_argument` for anything else.
/// Numerics: problems of equal ease share a bin, so that bins are uneven, or empty, where many
/// problems are equally easy. NaN is the hardest.
/// Reference: C. Snell et al. 2024, arXiv:2408.03314, section 3.2: five bins of pass@1 over 2048
/// samples. With few samples for each problem oracle bins also hold luck: a strategy measured on
/// those samples looks better in the easy bins than it is. Bounds that depend on no other problem
/// are 0.1 and 0.5 (R. Liu et al. 2025, arXiv:2502.06703).
[[nodiscard]] inline std::vector<double> difficulty_edges(std::span<const double> ease,
                                                          std::size_t bins = 5) {
  require(!ease.empty() && bins >= 1, "difficulty_edges: give at least one problem and one bin");
  std::vector<double> sorted(ease.begin(), ease.end());
  for (double& one : sorted)
    if (one != one) one = -std::numeric_limits<double>::infinity();
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> edges;
  for (std::size_t b = 1; b < bins; ++b) edges.push_back(sorted[b * sorted.size() / bins]);
  return edges;
}

/// The bin of each problem, 0 the hardest: `bin_of` with edges of these problems or of others.
[[nodiscard]] inline std::vector<std::size_t> difficulty_bins(std::span<const double> ease,
                                                              std::span<const double> edges) {
  std::vector<std::size_t> bins;
  for (const double one : ease) bins.push_back(bin_of(one, edges));
  return bins;
}

}  // namespace outthink
