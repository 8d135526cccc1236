// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/simd/vector.hpp>

#include <cstddef>
#include <span>

namespace outthink::kernels {

/// Operands of `dot`, for its bodies.
struct dot_args {
  const float* first;   ///< [size]
  const float* second;  ///< [size]
  std::size_t size;     ///< may be 0
  float* product;       ///< where the result goes
};

}  // namespace outthink::kernels

#define OUTTHINK_KERNEL <outthink/kernels/simd/dot.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief The inner product Σ first[i] · second[i].
///
/// Shapes and units: `first` and `second` [n].
/// Requires: equal sizes. The product of nothing is 0.
/// Cost: O(n); no allocation. Errors: none.
/// Determinism: depends on the operands and the instruction set alone.
/// Numerics: single precision, in four partial sums of as many lanes as a vector has: the error is
/// below (n / (4 · lanes) + 12) · 2⁻²⁴ · Σ |first[i] · second[i]|. NaN and infinities as in a sum.
[[nodiscard]] inline float dot(std::span<const float> first,
                               std::span<const float> second) noexcept {
  float product = 0;
  const dot_args args{first.data(), second.data(), first.size(), &product};
  detail::dispatch([&](auto isa) { dot(isa, args); });
  return product;
}

}  // namespace outthink::kernels
