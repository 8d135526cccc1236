// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/multinomial_resampling.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace outthink::kernels {

/// @brief Resamples in proportion to weights: ⌊n w_j⌋ copies of index j for certain, the rest of
/// the n by independent draws in proportion to what the rounding left of the weights.
///
/// Index j is chosen n w_j times on average, at least ⌊n w_j⌋ times, with less variance than
/// independent draws. First come the certain copies, ascending, then the drawn ones.
/// Shapes and units: `weights` [m], in any unit: they need not sum to 1; `uniforms` and `chosen`
/// [n], n and m may differ; the first uniforms serve the draws, most are not used; `scratch` [m].
/// Requires: finite weights, not negative, one of them positive; uniforms in [0, 1). No weight, or
/// none but zeros, chooses index 0.
/// Cost: O(m + n log m); no allocation. Errors: none.
/// Determinism: the same indices on every machine.
/// Numerics: sums in double, in ascending order; an n w_j less than 1e-12 (relative) below a whole
/// number is taken as that number, so that equal weights are copied equally whatever the rounding
/// of their sum; a weight of 0 is never chosen.
/// Reference: J. Liu, R. Chen 1998, JASA 93(443); R. Douc, O. Cappé, E. Moulines 2005,
/// arXiv:cs/0507025.
inline void residual_resampling(std::span<const double> weights, std::span<const double> uniforms,
                                std::span<std::uint32_t> chosen,
                                std::span<double> scratch) noexcept {
  constexpr double kRounding = 1e-12;
  double total = 0;
  for (const double w : weights) total += w;
  const auto n = static_cast<double>(chosen.size());
  std::size_t copied = 0;
  for (std::size_t j = 0; j < weights.size(); ++j) {
    const double wanted = total > 0 ? weights[j] / total * n : 0;
    const double copies = __builtin_floor(wanted * (1 + kRounding));
    scratch[j] = wanted > copies ? wanted - copies : 0;
    for (double c = 0; c < copies && copied < chosen.size(); ++c)
      chosen[copied++] = static_cast<std::uint32_t>(j);
  }
  // Where rounding alone is left nothing may be drawn from it: then the weights themselves serve.
  double left = 0;
  for (std::size_t j = 0; j < weights.size(); ++j) left += scratch[j];
  const std::span<double> residuals = scratch.first(weights.size());
  if (!(left > 0))
    for (std::size_t j = 0; j < weights.size(); ++j) residuals[j] = weights[j];
  multinomial_resampling(residuals, uniforms, chosen.subspan(copied), residuals);
}

}  // namespace outthink::kernels
