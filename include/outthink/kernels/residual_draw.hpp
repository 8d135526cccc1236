// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/simd/weights.hpp>
#include <outthink/kernels/token_logit.hpp>

#include <cstddef>
#include <span>

namespace outthink::kernels::detail {

struct residual_args {
  const float* target;
  const float* draft;
  std::size_t size;
  double uniform;
};

}  // namespace outthink::kernels::detail

#define OUTTHINK_KERNEL <outthink/kernels/simd/residual_draw.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief Whether speculative decoding accepts a token that a draft model proposed.
///
/// How it works: uniform < min(1, p / q), written without the division.
/// Shapes and units: `target` p and `draft` q are the token's probabilities in the distributions
/// that are actually sampled from, after temperature and truncation; `uniform` in [0, 1).
/// Requires: q > 0, the token having been drawn. Cost: constant. Errors: none.
/// Determinism: a function of the arguments. Numerics: NaN is not accepted.
/// Reference: Y. Leviathan, M. Kalman, Y. Matias, 2022, arXiv:2211.17192, algorithm 1.
[[nodiscard]] inline bool accepts_draft(float target, float draft, double uniform) noexcept {
  return uniform * static_cast<double>(draft) < static_cast<double>(target);
}

/// @brief Draws what speculative decoding emits after a refusal: from max(0, p - q), normalised.
///
/// How it works: one pass sums the positive differences by blocks of 1,024 tokens, then the inverse
/// of their cumulative distribution in index order. With `accepts_draft` before it, tokens are
/// distributed as p.
/// Shapes and units: `target` p and `draft` q [vocabulary], floats alone, probabilities or numbers
/// proportional to them by one factor; `uniform` in [0, 1). Requires: equal sizes. Cost: one read
/// of both; allocates nothing. Errors: none. Determinism: a function of the arguments, the same on
/// every target except for a `uniform` within rounding (about 1e-6) of a step. Numerics:
/// differences in single precision, sums of blocks in single, beyond in double. NaN counts as 0.
/// Where no difference is positive, as for p = q, the token is drawn from p itself; where p has
/// nothing positive either, it is `no_token`. Reference: as `accepts_draft`; the case p = q is not
/// in the paper.
[[nodiscard]] inline std::size_t residual_draw(std::span<const float> target,
                                               std::span<const float> draft,
                                               double uniform) noexcept {
  const detail::residual_args args{target.data(), draft.data(), target.size(), uniform};
  return detail::dispatch([&](auto isa) { return residual_draw(isa, args); });
}

}  // namespace outthink::kernels
