// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace outthink::kernels {

/// @brief A number of the format bfloat16: the upper 16 bits of a float.
///
/// Storage only: it widens to a float by itself, exactly, and computes as one. Made from a float by
/// `nearest`. The layout is that of the arrays that engines hand out: 2 bytes, the bits alone.
struct bfloat16 {
  std::uint16_t bits;

  // NOLINTNEXTLINE(google-explicit-constructor): nothing is lost.
  [[nodiscard]] constexpr operator float() const noexcept {
    return __builtin_bit_cast(float, static_cast<std::uint32_t>(bits) << 16);
  }

  /// The nearest one, of two equally near the even one; beyond the largest, infinity. NaN stays
  /// NaN.
  [[nodiscard]] static constexpr bfloat16 nearest(float x) noexcept {
    const auto wide = __builtin_bit_cast(std::uint32_t, x);
    if (x != x) return {static_cast<std::uint16_t>(wide >> 16 | 0x40U)};
    return {static_cast<std::uint16_t>((wide + 0x7fffU + (wide >> 16 & 1U)) >> 16)};
  }
};

}  // namespace outthink::kernels
