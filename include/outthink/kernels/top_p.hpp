// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/draw.hpp>
#include <outthink/kernels/logit_row.hpp>
#include <outthink/kernels/simd/nucleus.hpp>
#include <outthink/kernels/simd/uniforms.hpp>

#include <cstddef>
#include <span>

namespace outthink::kernels::detail {

struct top_p_args {
  double p;
  float scale;  ///< log2(e) / temperature
  double uniform;
};

}  // namespace outthink::kernels::detail

#define OUTTHINK_KERNEL <outthink/kernels/simd/top_p.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief Finds the nucleus: the smallest set of likeliest tokens whose probabilities under
/// softmax(logits / T) sum to at least p.
///
/// How it works: bisection for the logit at which the mass reaches p, down to a few hundred tokens,
/// which are ranked.
/// Shapes and units: `logits` [vocabulary]. Requires: at most 2³² tokens; a temperature that is not
/// positive counts as one of 1.
/// Cost: about 10 reads and exponentials a token; allocates nothing. Errors: none.
/// Determinism: a function of the arguments, the same on every target except for a p within
/// rounding (about 1e-6) of a step of the ranked tokens' cumulative distribution. Numerics: equal
/// logits rank by lower token; at least the likeliest token is kept, also for p ≤ 0; p ≥ 1 keeps
/// everything. -inf and NaN are never kept; with +inf in the row the first such token is; a row
/// without a logit above -inf keeps nothing. Reference: A. Holtzman et al., 2019, arXiv:1904.09751.
template <logit_row Row>
[[nodiscard]] inline truncation top_p(const Row& logits, double p, float temperature = 1) noexcept {
  const auto row = detail::span_of(logits);
  const float scale = detail::exponent_scale(temperature);
  const float used = scale > 0 ? scale : detail::log2_of_e;
  return detail::dispatch([&](auto isa) { return top_p(isa, row.data(), row.size(), p, used); });
}

/// @brief Draws from the nucleus of softmax(logits / T) without finding it.
///
/// How it works: draws from the full distribution and accepts a token if the mass of the tokens
/// ranked before it is below p; blocks of 1,024 tokens that hold no larger logit count as a whole,
/// and the sum stops as soon as the answer is certain. After 16 refusals, which p ≥ 0.5 makes rarer
/// than 1 in 65,000, the nucleus is found.
/// Shapes and units: `logits` [vocabulary]; `uniform` in [0, 1), with 53 random bits: further
/// numbers are derived from it. Requires: as `draw`.
/// Cost: one read and exponential a token, and on average 1/p partial ones; allocates nothing.
/// Errors: none. Determinism: as `draw`, also near the nucleus's edge.
/// Numerics: the set is that of `top_p`, up to rounding of p; otherwise as `draw`.
/// Reference: as `top_p`.
template <logit_row Row>
[[nodiscard]] inline std::size_t top_p_draw(const Row& logits, double p, float temperature,
                                            double uniform) noexcept {
  const auto row = detail::span_of(logits);
  const detail::top_p_args args{p, detail::exponent_scale(temperature), uniform};
  return detail::dispatch([&](auto isa) { return top_p_draw(isa, row.data(), row.size(), args); });
}

}  // namespace outthink::kernels
