// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/simd/doubles.hpp>

#include <cmath>
#include <cstddef>
#include <span>

namespace outthink::kernels {

/// Operands of `cosine_similarity`, for its bodies.
struct cosine_similarity_args {
  const float* first;   ///< [size]
  const float* second;  ///< [size]
  std::size_t size;     ///< may be 0
  double* sums;         ///< [3]: of the products, of the squares of each
};

}  // namespace outthink::kernels

#define OUTTHINK_KERNEL <outthink/kernels/simd/cosine_similarity.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief The cosine of the angle between two vectors: Σ xy / √(Σ x² Σ y²).
///
/// Shapes and units: `first` and `second` [n], embeddings of two texts, say.
/// Requires: equal sizes.
/// Cost: O(n), both read once; no allocation. Errors: none.
/// Determinism: depends on the operands and the instruction set alone; the order of the two does
/// not matter. Numerics: sums in double, so that nothing overflows or underflows whatever the
/// floats; the error is below 2⁻²⁴ + n · 2⁻⁵² and the result in [-1, 1]. A vector of zeros, or
/// none, is similar to nothing: 0. With a NaN or an infinity the result is NaN.
[[nodiscard]] inline float cosine_similarity(std::span<const float> first,
                                             std::span<const float> second) noexcept {
  double sums[3] = {};
  const cosine_similarity_args args{first.data(), second.data(), first.size(), sums};
  detail::dispatch([&](auto isa) { cosine_similarity(isa, args); });
  // Then the products are 0 too, unless a NaN or an infinity is among them.
  if (sums[1] == 0 || sums[2] == 0) return static_cast<float>(sums[0]);
  const double cosine = sums[0] / (std::sqrt(sums[1]) * std::sqrt(sums[2]));
  return static_cast<float>(cosine > 1 ? 1 : cosine < -1 ? -1 : cosine);
}

}  // namespace outthink::kernels
