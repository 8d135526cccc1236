// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/argmax.hpp>
#include <outthink/kernels/logit_row.hpp>
#include <outthink/kernels/simd/weights.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

#define OUTTHINK_KERNEL <outthink/kernels/simd/gumbel_max.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief Draws a token from softmax(logits / T) as the argmax of z / T + Gumbel noise, the noise
/// of a token being a function of `key` and the token alone.
///
/// How it works: argmax (z / T + g) with g = -ln E is argmin E · e^(-z/T); E is exponential, made
/// from a hash of key and token. Two rows drawn with one key give the same token as often as
/// possible for noise that does not know the rows: what samplers on two machines, or a draft and a
/// target model, need in order to agree without exchanging anything.
/// Shapes and units: `logits` [vocabulary]; `key` 64 random bits, new ones for every draw.
/// Requires: at most 2³² tokens; a temperature that is not positive takes the largest logit.
/// Cost: two reads, one exponential, one logarithm and one hash a token; allocates nothing.
/// Errors: none. Determinism: a function of the arguments, the same on every target unless two
/// tokens' keys are within rounding, about one draw in 10,000.
/// Numerics: noise has 31 bits. Tokens less likely than 2⁻¹²⁶ of the largest, -inf and NaN are
/// never drawn; with +inf in the row the first such token is; a row without a logit above -inf
/// gives `no_token`. Reference: E. Gumbel, 1954; C. Maddison, D. Tarlow, T. Minka, "A* sampling",
/// 2014, arXiv:1411.0030; hash: C. Wellons, "Prospecting for hash functions", 2018 (lowbias32).
template <logit_row Row>
[[nodiscard]] inline std::size_t gumbel_max(const Row& logits, float temperature,
                                            std::uint64_t key) noexcept {
  const auto row = detail::span_of(logits);
  const float scale = detail::exponent_scale(temperature);
  return detail::dispatch(
      [&](auto isa) { return gumbel_max(isa, row.data(), row.size(), scale, key); });
}

}  // namespace outthink::kernels
