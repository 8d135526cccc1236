// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/kl_divergence.hpp>

#include <cstddef>
#include <span>

#define OUTTHINK_KERNEL <outthink/kernels/simd/js_divergence.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief Computes the Jensen-Shannon divergence of p = softmax(p_logits) and
/// q = softmax(q_logits): the mean of KL(p || m) and KL(q || m) with m = (p + q) / 2.
///
/// How it works: ½ Σ ((p + q) ln(1 + v) - min(p, q) |ln p - ln q|) with v = |p - q| / (p + q), in
/// which no two large numbers cancel; a first pass finds the normalisers.
/// Shapes and units: both [vocabulary], floats alone (`widen` others); nats, from 0 for equal
/// distributions to ln 2 for disjoint ones. Requires: equal sizes. Cost: two reads of both, two
/// exponentials a token in each and a division in the second; allocates nothing. Errors: none.
/// Determinism: a function of the arguments and the target. Numerics: single precision in a block
/// of 1,024 tokens, double beyond; |error| ≤ 2e-6, 2e-5 where a row's largest logit is not among
/// the first 256 and far above them; equal rows give exactly 0. A token that is -inf in a row has
/// no probability there. NaN or +inf anywhere, or a row without a logit above -inf, gives NaN.
/// Reference: J. Lin, "Divergence measures based on the Shannon entropy", 1991.
[[nodiscard]] inline double js_divergence(std::span<const float> p_logits,
                                          std::span<const float> q_logits) noexcept {
  const detail::two_row_args args{p_logits.data(), q_logits.data(), p_logits.size()};
  return detail::dispatch([&](auto isa) { return js_divergence(isa, args); });
}

}  // namespace outthink::kernels
