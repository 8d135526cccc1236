// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace outthink::kernels {

namespace detail {

/// Walks the cumulative weights once: chosen[i] is the first index whose cumulative weight exceeds
/// point(i) · Σ weights, for points that do not fall.
template <class Point>
void resample_ascending(std::span<const double> weights, std::span<std::uint32_t> chosen,
                        const Point& point) noexcept {
  double total = 0;
  std::size_t last = 0;  // the last index that can be drawn, whatever the rounding
  for (std::size_t i = 0; i < weights.size(); ++i) {
    total += weights[i];
    if (weights[i] > 0) last = i;
  }
  std::size_t at = 0;
  double cumulative = weights.empty() ? 0 : weights[0];
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const double target = point(i) * total;
    while (at < last && !(cumulative > target)) cumulative += weights[++at];
    chosen[i] = static_cast<std::uint32_t>(at);
  }
}

}  // namespace detail

/// @brief Resamples in proportion to weights, with one random number for all: chosen[i] is where
/// the cumulative weights pass (i + uniform) / n.
///
/// Index j is chosen ⌊n w_j⌋ or ⌈n w_j⌉ times, n w_j times on average: the least variance of a
/// single index's copies. The indices ascend.
/// Shapes and units: `weights` [m], in any unit: they need not sum to 1; `chosen` [n], n and m may
/// differ.
/// Requires: finite weights, not negative, one of them positive; uniform in [0, 1). No weight, or
/// none but zeros, chooses index 0.
/// Cost: O(n + m); no allocation. Errors: none.
/// Determinism: the same indices on every machine.
/// Numerics: cumulative sums in double, in ascending order; a weight of 0 is never chosen.
/// Reference: G. Kitagawa 1996, JCGS 5(1); compared with the others in R. Douc, O. Cappé, E.
/// Moulines 2005, arXiv:cs/0507025.
inline void systematic_resampling(std::span<const double> weights, double uniform,
                                  std::span<std::uint32_t> chosen) noexcept {
  const auto n = static_cast<double>(chosen.size());
  detail::resample_ascending(weights, chosen,
                             [=](std::size_t i) { return (static_cast<double>(i) + uniform) / n; });
}

}  // namespace outthink::kernels
