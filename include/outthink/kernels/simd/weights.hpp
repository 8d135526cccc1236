// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/simd/row.hpp>

#include <cstddef>
#include <cstdint>

namespace outthink::kernels::detail {

inline constexpr std::size_t most_blocks = 256;
inline constexpr float log2_of_e = 1.44269504F;
inline constexpr double ln_of_2 = 0.693147180559945309;

/// e^reference · total.
struct scaled_sum {
  float reference;
  double total;
};

/// Tokens of a block: weights are summed in single precision within it, in double beyond.
[[nodiscard]] constexpr std::size_t block_size(std::size_t tokens) noexcept {
  std::size_t size = 1024;
  while (size * most_blocks < tokens) size *= 2;
  return size;
}

/// log2(e) / temperature; 0 where the draw is to be the largest logit: temperatures that are not
/// positive, or so small that the quotient overflows.
[[nodiscard]] inline float exponent_scale(float temperature) noexcept {
  const float scale = temperature > 0 ? log2_of_e / temperature : 0;
  return scale <= 0x1p126F ? scale : 0;
}

}  // namespace outthink::kernels::detail

#define OUTTHINK_KERNEL <outthink/kernels/simd/weights.inl>
#include <outthink/kernels/simd/for_each_target.inl>
