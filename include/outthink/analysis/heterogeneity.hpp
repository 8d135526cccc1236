// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace outthink {

/// The bi-level reward of a trace: the steps from the first one that has the right answer on, so
/// that earlier is better; `right` [steps], 0 or 1.
[[nodiscard]] constexpr std::size_t bi_level_reward(std::span<const std::uint8_t> right) noexcept {
  for (std::size_t step = 0; step < right.size(); ++step)
    if (right[step] != 0) return right.size() - step;
  return 0;
}

/// The standard deviation of the rewards of one problem's traces, over these very traces; NaN for
/// none.
[[nodiscard]] inline double reward_deviation(std::span<const double> rewards) noexcept {
  const auto n = static_cast<double>(rewards.size());
  double mean = 0, square = 0;
  for (const double reward : rewards) mean += reward / n;
  for (const double reward : rewards) square += (reward - mean) * (reward - mean) / n;
  return n > 0 ? std::sqrt(square) : std::numeric_limits<double>::quiet_NaN();
}

/// @brief How unlike each other a model's traces of one problem are: the median over problems of
/// the deviation of their rewards.
///
/// How it works: where it is low, traces are alike and a vote is enough; where it is high, there is
/// something to choose from, and a verifier pays if rewards are anti-concentrated too.
/// Shapes and units: `deviations` [problems], by `reward_deviation`. Requires: nothing.
/// Cost: O(n log n). Errors: none. Numerics: the mean of both middle ones of an even number; NaN
/// (problems without traces) is left out, and is the result if nothing is left.
/// Reference: A. Setlur et al. 2025, arXiv:2502.12118 (verifier-free against verifier-based).
[[nodiscard]] inline double heterogeneity(std::span<const double> deviations) {
  std::vector<double> known;
  for (const double one : deviations)
    if (one == one) known.push_back(one);
  if (known.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(known.begin(), known.end());
  return (known[(known.size() - 1) / 2] + known[known.size() / 2]) / 2;
}

}  // namespace outthink
