// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/logit_row.hpp>
#include <outthink/kernels/simd/weights.hpp>

#include <cstddef>
#include <span>

namespace outthink::kernels::detail {

struct softmax_args {
  float* probabilities;
  std::size_t size;
  float scale;
};

}  // namespace outthink::kernels::detail

#define OUTTHINK_KERNEL <outthink/kernels/simd/softmax.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief Writes the probabilities e^(z/T) / Σ e^(z/T).
///
/// How it works: one pass writes and sums the exponentials relative to the largest of the first 256
/// logits, a second one scales them; if that reference was far too small, or the row is overwritten
/// with its own result, the true maximum is found first.
/// Shapes and units: `logits` and `probabilities` [vocabulary]. Requires: equal sizes; the two are
/// the same memory or do not overlap; a positive temperature, not so small that log₂ e / T
/// overflows.
/// Cost: one read, two writes and one exponential a token; allocates nothing. Errors: none.
/// Determinism: a function of the arguments, the target, and whether the row is overwritten.
/// Numerics: relative error at most 5e-7 + 2⁻²² |z - reference| / T. A row without a logit above
/// -inf gives zeros; NaN or +inf anywhere gives NaN everywhere.
template <logit_row Row>
inline void softmax(const Row& logits, std::span<float> probabilities,
                    float temperature = 1) noexcept {
  const auto row = detail::span_of(logits);
  const detail::softmax_args args{probabilities.data(), row.size(),
                                  detail::log2_of_e / temperature};
  detail::dispatch([&](auto isa) { softmax(isa, row.data(), args); });
}

}  // namespace outthink::kernels
