// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/draw.hpp>
#include <outthink/kernels/logit_row.hpp>
#include <outthink/kernels/simd/uniforms.hpp>

#include <cstddef>
#include <span>

#define OUTTHINK_KERNEL <outthink/kernels/simd/draw_by_rejection.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief Draws a token from softmax(logits / T), exactly, with a cheap bound in place of the
/// exponential.
///
/// How it works: Schraudolph's integer arithmetic gives q ≥ e^(z/T) with e^(z/T) / q in [0.942, 1];
/// a token drawn from q is accepted with that ratio, or drawn again: 1.05 draws on average.
/// Shapes and units: `logits` [vocabulary]; `uniform` in [0, 1), with 53 random bits: further
/// numbers are derived from it. Requires: as `draw`.
/// Cost: one read and two multiply-adds a token; allocates nothing. Errors: none.
/// Determinism: a function of the arguments and the target; unlike `draw` it is no inverse of the
/// cumulative distribution, and a small change of a logit can change the token.
/// Numerics: probabilities exact to a factor of 1 ± 1e-5; tokens less likely than 2⁻¹²⁶ of the
/// largest are not drawn. Rows on which the bound could overflow, and all special cases, go to
/// `draw`.
/// Reference: N. Schraudolph, "A fast, compact approximation of the exponential function", Neural
/// Computation 11, 1999, used as an envelope.
template <logit_row Row>
[[nodiscard]] inline std::size_t draw_by_rejection(const Row& logits, float temperature,
                                                   double uniform) noexcept {
  const auto row = detail::span_of(logits);
  const float scale = detail::exponent_scale(temperature);
  return detail::dispatch(
      [&](auto isa) { return draw_by_rejection(isa, row.data(), row.size(), scale, uniform); });
}

}  // namespace outthink::kernels
