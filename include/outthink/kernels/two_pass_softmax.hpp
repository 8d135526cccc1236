// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/softmax.hpp>

#include <cstddef>
#include <span>

#define OUTTHINK_KERNEL <outthink/kernels/simd/two_pass_softmax.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief Writes the probabilities e^(z/T) / Σ e^(z/T) with the two-pass algorithm: reads the row
/// twice and writes once, where three passes read three times and write twice.
///
/// Worth it for rows larger than the caches, where exponentials cost less than memory: with AVX-512
/// it overtakes three passes with a maximum first between 2 and 4 million floats. `softmax`, which
/// takes no maximum either, is more than twice as fast within the caches and about as fast beyond.
/// How it works: every e^x is a pair m · 2ⁿ with n in a float of its own, so that no exponent
/// overflows and no maximum is needed. The first pass sums the pairs, the second computes them
/// again and writes m / M · 2^(n - N). Shapes and units: `logits` and `probabilities` [vocabulary],
/// floats alone. Requires: equal sizes; the two are the same memory or do not overlap; a positive
/// temperature, not so small that 1 / T overflows. Cost: two reads, a write and two exponentials a
/// token; allocates nothing. Errors: none. Determinism: a function of the arguments and the target,
/// whether the row is overwritten or not. Numerics: relative error at most 1e-6, whatever the
/// logits have in common; for T other than 1 another 2⁻²² |z| / T. Probabilities below 1e-37 may be
/// 0. Where the largest |z / T| is above 19,900, NaN or -inf, the row goes to `softmax`: without a
/// logit above -inf it gives zeros; NaN or +inf anywhere gives NaN everywhere. -inf gives 0.
/// Reference: M. Dukhan, A. Ablavatski, "The two-pass softmax algorithm", 2020, arXiv:2001.04438;
/// here four vectors share an exponent as they are added, and blocks of 1,024 are added in double.
inline void two_pass_softmax(std::span<const float> logits, std::span<float> probabilities,
                             float temperature = 1) noexcept {
  const detail::softmax_args args{probabilities.data(), logits.size(), 1 / temperature};
  const bool done =
      detail::dispatch([&](auto isa) { return two_pass_softmax(isa, logits.data(), args); });
  if (!done) softmax(logits, probabilities, temperature);
}

}  // namespace outthink::kernels
