// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/analysis/heterogeneity.hpp>

#include <cmath>
#include <limits>
#include <span>

namespace outthink {

/// @brief How many traces of a problem are better than its mean by √epsilon deviations: whether a
/// verifier has something to find.
///
/// How it works: the share of rewards at least E r + σ √epsilon. Rewards are anti-concentrated
/// where it stays above some constant; if so, and if they are heterogeneous, choosing by a verifier
/// beats imitation, the more so the longer the traces.
/// Shapes and units: `rewards` [traces] of one problem, such as their `bi_level_reward`.
/// Requires: epsilon ≥ 0. Cost: O(n). Errors: none.
/// Numerics: a reward within 1e-12 deviations of the bound reaches it; equal rewards, without
/// deviation, all do, although there is nothing to find. NaN for no trace, or a reward of NaN.
/// Reference: A. Setlur et al. 2025, arXiv:2502.12118.
[[nodiscard]] inline double anti_concentration(std::span<const double> rewards,
                                               double epsilon = 1) noexcept {
  const auto n = static_cast<double>(rewards.size());
  const double deviation = reward_deviation(rewards);
  double mean = 0, largest = 0, reached = 0;
  for (const double reward : rewards) mean += reward / n;
  for (const double reward : rewards) largest = std::fmax(largest, std::fabs(reward));
  const double bound = mean + deviation * std::sqrt(epsilon) - 1e-12 * (deviation + largest);
  for (const double reward : rewards) reached += reward >= bound ? 1 : 0;
  return bound == bound ? reached / n : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace outthink
