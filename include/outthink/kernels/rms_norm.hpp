// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/simd/vector.hpp>

#include <cstddef>

namespace outthink::kernels {

/// Operands of `rms_norm`.
struct rms_norm_args {
  const float* input;         ///< [rows][input_stride], the first `size` of a row are read
  const float* weight;        ///< [size]
  float* output;              ///< [rows][output_stride], may be `input`
  std::size_t rows;           ///< may be 0
  std::size_t size;           ///< at least 1
  std::size_t input_stride;   ///< floats from one input row to the next
  std::size_t output_stride;  ///< floats from one output row to the next
  float epsilon;              ///< added to the mean square
};

}  // namespace outthink::kernels

#define OUTTHINK_KERNEL <outthink/kernels/simd/rms_norm.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief Divides each row by its root mean square and multiplies it by a weight per column.
///
/// How it works: output = input / √(mean(input²) + ε) · weight.
/// Cost: linear, allocates nothing. Errors: none.
/// Determinism: a row's bits depend on that row alone.
/// Numerics: squares are summed in single precision, in as many partial sums as a vector has lanes.
/// Reference: Zhang and Sennrich, Root mean square layer normalization, 2019, arXiv:1910.07467.
inline void rms_norm(const rms_norm_args& args) noexcept {
  detail::dispatch([&](auto isa) { rms_norm(isa, args); });
}

}  // namespace outthink::kernels
