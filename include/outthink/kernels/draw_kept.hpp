// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/band.hpp>
#include <outthink/kernels/draw.hpp>
#include <outthink/kernels/logit_row.hpp>
#include <outthink/kernels/simd/band.hpp>
#include <outthink/kernels/simd/kept.hpp>

#include <cstddef>
#include <span>

namespace outthink::kernels::detail {

struct draw_kept_args {
  std::size_t size;
  band kept;
  float scale;  ///< log2(e) / temperature
  double uniform;
};

}  // namespace outthink::kernels::detail

#define OUTTHINK_KERNEL <outthink/kernels/simd/draw_kept.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief Draws a token from those that a band keeps, by softmax(logits / T) among them.
///
/// How it works: one pass finds maxima of groups of 256 tokens; exponentials are taken only in
/// groups that reach the band's floor. Without a floor it is the draw of `draw`.
/// Shapes and units: `logits` [vocabulary]; `uniform` in [0, 1). Requires: at most 2³² tokens; a
/// temperature that is not positive takes the largest logit that is kept.
/// Cost: about one read of the row where few tokens are kept, an exponential for each that is;
/// allocates nothing, 112 KiB of stack at most. Errors: none.
/// Determinism: a function of the arguments, the same on every target except for a `uniform` within
/// rounding (about 1e-6) of a step of the distribution, drawn in index order: the result is that of
/// `draw` on a row in which all others are -inf.
/// Numerics: as `draw`. -inf and NaN are never drawn; with +inf among those kept the first such
/// token is; where none is kept the result is `no_token`.
template <logit_row Row>
[[nodiscard]] inline std::size_t draw_kept(const Row& logits, const band& kept, float temperature,
                                           double uniform) noexcept {
  const auto row = detail::span_of(logits);
  const detail::draw_kept_args args{row.size(), kept, detail::exponent_scale(temperature), uniform};
  return detail::dispatch([&](auto isa) { return draw_band(isa, row.data(), args); });
}

/// The same for what a truncation keeps.
template <logit_row Row>
[[nodiscard]] inline std::size_t draw_kept(const Row& logits, const truncation& kept,
                                           float temperature, double uniform) noexcept {
  return draw_kept(logits, band{kept}, temperature, uniform);
}

}  // namespace outthink::kernels
