// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace outthink::kernels {

/// @brief A number of the format binary16 of IEEE 754: 5 bits of exponent and 10 of mantissa.
///
/// Storage only: it widens to a float by itself, exactly, and computes as one. Made from a float by
/// `nearest`. The layout is that of the arrays that engines hand out: 2 bytes, the bits alone.
struct half {
  std::uint16_t bits;

  // NOLINTNEXTLINE(google-explicit-constructor): nothing is lost.
  [[nodiscard]] constexpr operator float() const noexcept {
    const std::uint32_t sign = (bits & 0x8000U) << 16, exponent = bits & 0x7c00U;
    std::uint32_t wide = (bits & 0x7fffU) << 13;
    if (exponent == 0x7c00U)
      // NaN becomes quiet, as in hardware.
      wide = (wide + 0x70000000U) | (wide > 0x0f800000U ? 0x00400000U : 0U);
    else if (exponent != 0)
      wide += 0x38000000U;
    else  // a whole multiple of 2⁻²⁴
      wide = __builtin_bit_cast(std::uint32_t, static_cast<float>(bits & 0x3ffU) * 0x1p-24F);
    return __builtin_bit_cast(float, wide | sign);
  }

  /// The nearest one, of two equally near the even one; beyond the largest, infinity. NaN stays
  /// NaN.
  [[nodiscard]] static constexpr half nearest(float x) noexcept {
    const auto wide = __builtin_bit_cast(std::uint32_t, x);
    const std::uint32_t sign = wide >> 16 & 0x8000U, magnitude = wide & 0x7fffffffU;
    std::uint32_t narrow = 0;
    if (magnitude > 0x7f800000U) {
      narrow = 0x7e00U;
    } else if (magnitude >= 0x477ff000U) {  // 65,520 and more
      narrow = 0x7c00U;
    } else if (magnitude >= 0x38800000U) {
      narrow = (magnitude - 0x38000000U + 0xfffU + (magnitude >> 13 & 1U)) >> 13;
    } else {  // below 2⁻¹⁴: adding ½ rounds to a multiple of 2⁻²⁴
      narrow =
          __builtin_bit_cast(std::uint32_t, __builtin_bit_cast(float, magnitude) + 0.5F) & 0x7fffU;
    }
    return {static_cast<std::uint16_t>(narrow | sign)};
  }
};

}  // namespace outthink::kernels
