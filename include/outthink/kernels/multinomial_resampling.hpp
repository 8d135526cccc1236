// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace outthink::kernels {

/// @brief Resamples in proportion to weights by independent draws: chosen[i] is where the
/// cumulative weights pass uniforms[i].
///
/// Index j is chosen n w_j times on average, binomially distributed: the most variance of the four
/// resamplings, and the only one whose draws are independent.
/// Shapes and units: `weights` [m], in any unit: they need not sum to 1; `uniforms` and `chosen`
/// [n], n and m may differ; `scratch` [m], left with the cumulative weights.
/// Requires: finite weights, not negative, one of them positive; uniforms in [0, 1). No weight, or
/// none but zeros, chooses index 0.
/// Cost: O(m + n log m); no allocation. Errors: none.
/// Determinism: the same indices on every machine; chosen[i] depends on uniforms[i] alone.
/// Numerics: cumulative sums in double, in ascending order; a weight of 0 is never chosen.
/// Reference: N. Gordon, D. Salmond, A. Smith 1993, IEE Proceedings F 140(2).
inline void multinomial_resampling(std::span<const double> weights,
                                   std::span<const double> uniforms,
                                   std::span<std::uint32_t> chosen,
                                   std::span<double> scratch) noexcept {
  double total = 0;
  std::size_t last = 0;  // the last index that can be drawn, whatever the rounding
  for (std::size_t i = 0; i < weights.size(); ++i) {
    scratch[i] = total += weights[i];
    if (weights[i] > 0) last = i;
  }
  const double* const begin = scratch.data();
  const double* const end = begin + weights.size();
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const auto at = std::upper_bound(begin, end, uniforms[i] * total) - begin;
    chosen[i] = static_cast<std::uint32_t>(std::min(static_cast<std::size_t>(at), last));
  }
}

}  // namespace outthink::kernels
