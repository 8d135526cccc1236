// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/logit_row.hpp>
#include <outthink/kernels/simd/nucleus.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace outthink::kernels {

/// How mirostat turns the surprise that it allows into a set of tokens.
enum class mirostat_version : std::uint8_t {
  one = 1,  ///< as many of the likeliest tokens as Zipf's law needs to reach it
  two = 2,  ///< the tokens that do not exceed it
};

/// The feedback of mirostat: the surprise that a token may have, corrected after each one so that
/// the mean surprise of a text becomes the target.
struct mirostat_state {
  double target = 5;  ///< τ: wanted mean surprise, bits
  double rate = 0.1;  ///< η: of the correction
  mirostat_version version = mirostat_version::two;
  double limit = 2 * target;  ///< μ: surprise that is allowed now, bits

  /// Corrects the limit by the surprise -log₂ p of a token that was drawn.
  constexpr void observe(double bits) noexcept { limit -= rate * (bits - target); }
};

namespace detail {

struct mirostat_args {
  std::size_t size;
  mirostat_version version;
  double limit;
  float scale;  ///< log2(e) / temperature
  double uniform;
};

struct mirostat_drawn {
  std::size_t token;
  double surprise;  ///< bits, NaN where there is no distribution
};

}  // namespace detail
}  // namespace outthink::kernels

#define OUTTHINK_KERNEL <outthink/kernels/simd/mirostat.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief The truncation that keeps the tokens that mirostat allows now.
///
/// How it works: version two keeps the tokens with -log₂ p ≤ μ under softmax(logits / T). Version
/// one fits p_i ∝ i^-s to the 100 likeliest tokens by least squares, s = Σ t b / Σ t² with
/// t_i = ln((i + 1) / i) and b_i = ln(p_i / p_{i+1}), and keeps the k likeliest,
/// k = (ε 2^μ / (1 - V^-ε))^(1/s) with ε = s - 1. At least the likeliest token is kept.
/// Shapes and units: `logits` [vocabulary V]. Requires: at most 2³² tokens; a temperature that is
/// not positive counts as 1.
/// Cost: one read of the row and another with exponentials; version one takes no exponentials, but
/// about 30 reads where k is above 512. Allocates nothing, 128 KiB of stack at most. Errors: none.
/// Determinism: a function of the arguments, the same on every target except for a surprise within
/// 1e-5 bits of the limit, or a k within rounding of a whole number.
/// Numerics: k is rounded down, 1 where the fit fails. Version one ranks equal logits by lower
/// token, version two keeps all of them or none. -inf and NaN are never kept; with +inf in the row
/// the first such token is; a row without a logit above -inf keeps nothing.
/// Reference: S. Basu et al., "Mirostat: a neural text decoding algorithm that directly controls
/// perplexity", 2020, arXiv:2007.14966; version two is the variant of the authors' repository. That
/// rounds k and adds 1 where llama.cpp rounds down.
template <logit_row Row>
[[nodiscard]] inline truncation mirostat(const Row& logits, const mirostat_state& state,
                                         float temperature = 1) noexcept {
  const auto row = detail::span_of(logits);
  const float scale = detail::exponent_scale(temperature);
  const detail::mirostat_args args{row.size(), state.version, state.limit,
                                   scale > 0 ? scale : detail::log2_of_e, 0};
  return detail::dispatch([&](auto isa) { return mirostat(isa, row.data(), args); });
}

/// @brief Draws from the tokens that mirostat allows, and corrects its limit.
///
/// How it works: the draw of `draw_kept` from the truncation of `mirostat`; then
/// μ ← μ - η (-log₂ p - τ), p being the token's probability in the whole distribution.
/// Shapes and units: `logits` [vocabulary]; `uniform` in [0, 1). Requires: as `mirostat`; a
/// temperature that is not positive takes the largest logit.
/// Cost: as `mirostat` and an exponential for each token that is kept; version one, too, takes all
/// exponentials. Errors: none. Determinism: as `mirostat` and `draw_kept`.
/// Numerics: as `mirostat` and `draw_kept`. Where there is no distribution, which is a temperature
/// that is not positive, +inf in the row, or no logit above -inf, the state stays as it is.
/// Reference: as `mirostat`. llama.cpp observes the surprise among the tokens that are kept, which
/// is less.
template <logit_row Row>
[[nodiscard]] inline std::size_t mirostat_draw(const Row& logits, mirostat_state& state,
                                               float temperature, double uniform) noexcept {
  const auto row = detail::span_of(logits);
  const detail::mirostat_args args{row.size(), state.version, state.limit,
                                   detail::exponent_scale(temperature), uniform};
  const auto drawn =
      detail::dispatch([&](auto isa) { return mirostat_draw(isa, row.data(), args); });
  if (drawn.surprise == drawn.surprise) state.observe(drawn.surprise);
  return drawn.token;
}

}  // namespace outthink::kernels
