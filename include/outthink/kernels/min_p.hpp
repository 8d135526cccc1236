// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/logit_row.hpp>
#include <outthink/kernels/simd/kept.hpp>

#include <cmath>
#include <cstddef>
#include <span>

namespace outthink::kernels::detail {

struct min_p_args {
  std::size_t size;
  double distance;  ///< below the largest logit, in nats, that is still kept
  float scale;      ///< log2(e) / temperature
  double uniform;
};

}  // namespace outthink::kernels::detail

#define OUTTHINK_KERNEL <outthink/kernels/simd/min_p.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief The truncation that keeps tokens at least `p` times as likely as the likeliest.
///
/// How it works: z ≥ max z + ln p, with p taken as 1 if it is larger; p ≤ 0 keeps everything.
/// Requires: `largest` is the largest logit. Cost: one logarithm. Errors: none.
/// Numerics: the threshold is computed in double and rounded once.
/// Reference: M. Nguyen et al., "Turning up the heat: min-p sampling", 2024, arXiv:2407.01082.
[[nodiscard]] inline truncation min_p(float largest, double p) noexcept {
  if (!(p > 0)) return {};
  const double cut = static_cast<double>(largest) + (p < 1 ? std::log(p) : 0);
  const double lowest = static_cast<double>(truncation{}.threshold);
  return {static_cast<float>(cut > lowest ? cut : lowest), truncation{}.last};
}

/// @brief Draws from the tokens that `min_p` keeps, at a temperature.
///
/// How it works: the tokens with p_i ≥ p · max p under softmax(logits), reweighted by the
/// temperature, as min-p before temperature in llama.cpp. One pass finds maxima of groups of 256
/// tokens; exponentials are taken only in groups that reach the threshold.
/// Shapes and units: `logits` [vocabulary]; `uniform` in [0, 1). Requires: at most 2³² tokens; a
/// temperature that is not positive takes the largest logit.
/// Cost: about one read of the row; allocates nothing, 112 KiB of stack at most. Errors: none.
/// Determinism: a function of the arguments, the same on every target except for a `uniform` within
/// rounding (about 1e-6) of a step of the distribution, drawn in index order.
/// Numerics: as `draw`; at least the likeliest token is kept. -inf and NaN are never drawn; with
/// +inf in the row the first such token is; a row without a logit above -inf gives `no_token`.
/// Reference: as `min_p`.
template <logit_row Row>
[[nodiscard]] inline std::size_t min_p_draw(const Row& logits, double p, float temperature,
                                            double uniform) noexcept {
  const auto row = detail::span_of(logits);
  const detail::min_p_args args{row.size(), p > 0 ? p < 1 ? std::log(p) : 0 : -HUGE_VAL,
                                detail::exponent_scale(temperature), uniform};
  return detail::dispatch([&](auto isa) { return min_p_draw(isa, row.data(), args); });
}

}  // namespace outthink::kernels
