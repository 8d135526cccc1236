// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/systematic_resampling.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace outthink::kernels {

/// @brief Resamples in proportion to weights, with a random number for each of n equal strata:
/// chosen[i] is where the cumulative weights pass (i + uniforms[i]) / n.
///
/// Index j is chosen n w_j times on average, and less than two more or fewer times; never with more
/// variance than independent draws, whatever the weights (which systematic resampling cannot
/// promise). The indices ascend.
/// Shapes and units: `weights` [m], in any unit: they need not sum to 1; `uniforms` and `chosen`
/// [n], n and m may differ.
/// Requires: finite weights, not negative, one of them positive; uniforms in [0, 1). No weight, or
/// none but zeros, chooses index 0.
/// Cost: O(n + m); no allocation. Errors: none.
/// Determinism: the same indices on every machine.
/// Numerics: cumulative sums in double, in ascending order; a weight of 0 is never chosen.
/// Reference: G. Kitagawa 1996, JCGS 5(1); R. Douc, O. Cappé, E. Moulines 2005, arXiv:cs/0507025.
inline void stratified_resampling(std::span<const double> weights, std::span<const double> uniforms,
                                  std::span<std::uint32_t> chosen) noexcept {
  const auto n = static_cast<double>(chosen.size());
  detail::resample_ascending(
      weights, chosen, [=](std::size_t i) { return (static_cast<double>(i) + uniforms[i]) / n; });
}

}  // namespace outthink::kernels
