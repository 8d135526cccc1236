// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/simd/vector.hpp>

#include <cstddef>

namespace outthink::kernels {

/// Columns of a weight panel, on every target.
inline constexpr std::size_t panel_columns = 32;

/// Operands of `matmul`.
struct matmul_args {
  const float* input;         ///< [rows][input_stride], the first `depth` of a row are read
  const float* weights;       ///< [panels][depth][panel_columns], columns past the last are zero
  float* output;              ///< [rows][output_stride], output_stride >= panels · panel_columns
  std::size_t rows;           ///< may be 0
  std::size_t depth;          ///< summands of each element
  std::size_t panels;         ///< output columns / panel_columns, rounded up
  std::size_t input_stride;   ///< floats from one input row to the next
  std::size_t output_stride;  ///< floats from one output row to the next
  bool accumulate;            ///< output += product instead of output = product
};

}  // namespace outthink::kernels

#define OUTTHINK_KERNEL <outthink/kernels/simd/matmul.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief Multiplies a batch of rows by a matrix stored as column panels.
///
/// How it works: output[r][c] = Σₖ input[r][k] · weights[c / 32][k][c % 32], one panel at a time
/// for all rows, the sums of a few rows and 32 columns in registers. Requires: `output` overlaps
/// neither `input` nor `weights`. Cost: 2 · rows · depth · columns floating-point operations;
/// allocates nothing. Errors: none. Determinism: an element is one chain of multiply-adds over
/// ascending k, so its bits depend on its row and column alone, not on `rows` or the row's place in
/// the batch. Numerics: single precision, one rounding per multiply-add (two on x86-64 without
/// FMA).
inline void matmul(const matmul_args& args) noexcept {
  detail::dispatch([&](auto isa) { matmul(isa, args); });
}

}  // namespace outthink::kernels
