// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/argmax.hpp>
#include <outthink/kernels/logit_row.hpp>
#include <outthink/kernels/simd/weights.hpp>

#include <cstddef>
#include <span>

#define OUTTHINK_KERNEL <outthink/kernels/simd/draw.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief Draws a token from softmax(logits / T) by inverting its cumulative distribution in index
/// order.
///
/// How it works: one pass sums the weights by blocks of 1,024 tokens; the block in which the
/// cumulative weight passes `uniform` of the total is weighed again.
/// Shapes and units: `logits` [vocabulary]; `uniform` in [0, 1). Requires: nothing; a temperature
/// that is not positive takes the largest logit, as does one that is so small that log₂ e / T
/// overflows.
/// Cost: one read and one exponential a token; allocates nothing. Errors: none.
/// Determinism: a function of the arguments, the same on every target except for a `uniform` within
/// rounding (about 1e-6) of a step of the distribution.
/// Numerics: a token's probability is off by at most a factor of 1 ± (5e-7 + 2⁻²² |z - r| / T), r
/// being the largest of the first 256 logits. -inf and NaN are never drawn; with +inf in the row
/// the first such token is. An empty row, or one without a logit above -inf, gives `no_token`.
template <logit_row Row>
[[nodiscard]] inline std::size_t draw(const Row& logits, float temperature,
                                      double uniform) noexcept {
  const auto row = detail::span_of(logits);
  const float scale = detail::exponent_scale(temperature);
  return detail::dispatch(
      [&](auto isa) { return draw(isa, row.data(), row.size(), scale, uniform); });
}

}  // namespace outthink::kernels
