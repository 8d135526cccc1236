// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/selection.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace outthink::kernels {

/// @brief Divides a width among traces in proportion to e^(score / temperature), in whole numbers
/// that sum to the width: REBASE's reward-balanced expansion.
///
/// How it works: from the best score downwards, trace i gets ⌈W_left e_i / E_left⌉, where W_left is
/// the width not given away yet and E_left the sum of e_j over this trace and all after it. So good
/// traces are rounded up, at the cost of the worst, which may get nothing.
/// Shapes and units: `scores` [n], `counts` [n]; `order` [n] and `scratch` [n] are overwritten,
/// `order` with the positions from the best score to the worst.
/// Requires: temperature > 0.
/// Cost: O(n log n), n exponentials; no allocation. Errors: none.
/// Determinism: the counts depend on the standard library's exponential only where a quotient is
/// within rounding of a whole number.
/// Numerics: Σ counts = width, exactly, if n > 0. A better score never gets less, nor of equal ones
/// the earlier. The largest score is subtracted before the exponential. NaN and minus infinity get
/// nothing, unless nothing else is there, when all scores count as equal; those of plus infinity
/// share all evenly. A quotient within 1e-12 (relative) above a whole number counts as that number.
/// Reference: Y. Wu et al. 2024 (REBASE, arXiv:2408.00724), section 3. The published code computes
/// E_left by running subtraction in single precision and does not subtract the largest score: for
/// scores (.5, .5, .5) and a width of 8 it can give (3, 3, 3), nine in all, and small temperatures
/// overflow. Here E_left is a suffix sum.
inline void softmax_allocation(std::span<const float> scores, float temperature,
                               std::uint32_t width, std::span<std::uint32_t> counts,
                               std::span<std::size_t> order, std::span<double> scratch) noexcept {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const std::size_t n = best_positions(scores, order.first(scores.size()));
  if (n == 0) return;
  const auto best = static_cast<double>(scores[order[0]]);
  const bool same = !(best > -kInfinity), infinite = best == kInfinity;
  const auto weight = [&](std::size_t rank) {
    const auto score = static_cast<double>(scores[order[rank]]);
    if (same) return 1.0;
    if (infinite) return score == kInfinity ? 1.0 : 0.0;
    return score == score ? __builtin_exp((score - best) / static_cast<double>(temperature)) : 0.0;
  };
  constexpr double kAll = 2;  // of what is left: nothing after it has any weight
  double after = 0;
  for (std::size_t rank = n; rank-- > 0;) {
    const double own = weight(rank), sum = after + own;
    scratch[rank] = after > 0 ? own / sum : kAll;
    after = sum;
  }
  auto left = static_cast<double>(width), parts = left;
  for (std::size_t rank = 0; rank < n; ++rank) {
    const bool all = scratch[rank] == kAll;
    // Exact quotients never rise; those taken as the whole number below can push the next one up.
    const double quotient = all ? left : left * scratch[rank];
    const double most = all || left < parts ? left : parts;
    const double whole = __builtin_ceil(quotient * (1 - 1e-12));
    parts = whole < most ? whole : most;
    counts[order[rank]] = static_cast<std::uint32_t>(parts);
    left -= parts;
  }
}

}  // namespace outthink::kernels
