// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/band.hpp>
#include <outthink/kernels/entropy.hpp>
#include <outthink/kernels/logit_row.hpp>
#include <outthink/kernels/simd/band.hpp>
#include <outthink/kernels/simd/nucleus.hpp>

#include <cstddef>
#include <span>

#define OUTTHINK_KERNEL <outthink/kernels/simd/typical.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief Finds the locally typical set: the smallest set of tokens whose surprise is nearest to
/// the entropy and whose probabilities under softmax(logits / T) sum to at least p.
///
/// How it works: |-ln p_i - H| is |z_i - Σ p z| / T, so that the set is a band around the mean
/// logit: bisection for its width, down to a few hundred tokens, which are taken by distance.
/// The likeliest token may be left out. Draw with `draw_kept`.
/// Shapes and units: `logits` [vocabulary]. Requires: at most 2³² tokens; a temperature that is not
/// positive counts as one of 1.
/// Cost: about 15 reads and exponentials a token, 50 where thousands of logits tie near 0;
/// allocates nothing, 80 KiB of stack at most. Errors: none. Determinism: a function of the
/// arguments, the same on every target except for a p within rounding (about 1e-5) of a step of the
/// ranked tokens' cumulative distribution, and for tokens whose distances are equal up to that.
/// Numerics: distances are exact, the mean logit is off by at most 1e-5 T where the entropy is
/// below 12 nats. Of equal distances the likelier token comes first, so that of equal logits below
/// the mean the lower token does, above it the higher. At least one token is kept, also for p ≤ 0;
/// p ≥ 1 keeps everything. -inf and NaN are never kept; with +inf in the row the first such token
/// is; a row without a logit above -inf keeps nothing.
/// Reference: C. Meister et al., "Locally typical sampling", 2022, arXiv:2202.00666. llama.cpp goes
/// on until the sum is above p, not at least p.
template <logit_row Row>
[[nodiscard]] inline band typical(const Row& logits, double p, float temperature = 1) noexcept {
  const auto row = detail::span_of(logits);
  const float scale = detail::exponent_scale(temperature);
  const float used = scale > 0 ? scale : detail::log2_of_e;
  return detail::dispatch([&](auto isa) { return typical(isa, row.data(), row.size(), p, used); });
}

}  // namespace outthink::kernels
