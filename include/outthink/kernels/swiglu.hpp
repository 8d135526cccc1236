// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/simd/vector.hpp>

#include <cstddef>

namespace outthink::kernels {

/// Operands of `swiglu`.
struct swiglu_args {
  const float* gate_up;       ///< [rows][input_stride]: `size` gates, then `size` values
  float* output;              ///< [rows][output_stride]
  std::size_t rows;           ///< may be 0
  std::size_t size;           ///< may be 0
  std::size_t input_stride;   ///< floats from one input row to the next
  std::size_t output_stride;  ///< floats from one output row to the next
};

}  // namespace outthink::kernels

#define OUTTHINK_KERNEL <outthink/kernels/simd/swiglu.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief Multiplies values by their SiLU-activated gates: g / (1 + e⁻ᵍ) · u.
///
/// Cost: linear, allocates nothing. Errors: none. Determinism: an element's bits depend on its own
/// gate and value. Numerics: within 4 ulp of the exact result for |g| < 87; g < -88.3 gives at most
/// |g u| · 1e-38 instead of 0.
/// Reference: Shazeer, GLU variants improve transformer, 2020, arXiv:2002.05202, equation 6.
inline void swiglu(const swiglu_args& args) noexcept {
  detail::dispatch([&](auto isa) { swiglu(isa, args); });
}

}  // namespace outthink::kernels
