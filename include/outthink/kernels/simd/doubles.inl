// SPDX-License-Identifier: MIT
//
// Double precision for kernels that read floats: vectors with half as many lanes.

namespace outthink::kernels::OUTTHINK_TARGET {

inline constexpr std::size_t double_lanes = OUTTHINK_LANES / 2;
using dvec = double __attribute__((vector_size(4 * OUTTHINK_LANES)));
using lvec = std::uint64_t __attribute__((vector_size(4 * OUTTHINK_LANES)));

/// x in every lane.
[[gnu::always_inline]] inline dvec broadcast_double(double x) noexcept {
  return x - dvec{};
}

[[gnu::always_inline]] inline dvec load_doubles(const double* from) noexcept {
  dvec v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}

[[gnu::always_inline]] inline void store_doubles(double* to, dvec v) noexcept {
  __builtin_memcpy(to, &v, sizeof v);
}

/// Half a vector of floats.
using half_vec = float __attribute__((vector_size(2 * OUTTHINK_LANES)));

[[gnu::always_inline]] inline dvec widen(half_vec half) noexcept {
#if OUTTHINK_LANES == 16 && !defined(__clang__)
  // g++ makes two conversions of half the width and an insertion of the general one.
  return __builtin_ia32_cvtps2pd512_mask(half, dvec{}, static_cast<unsigned char>(0xff), 4);
#elif OUTTHINK_LANES == 8 && !defined(__clang__)
  return __builtin_ia32_cvtps2pd256(half);
#else
  return __builtin_convertvector(half, dvec);
#endif
}

/// The next `double_lanes` floats, widened.
[[gnu::always_inline]] inline dvec widen(const float* from) noexcept {
  half_vec half;
  __builtin_memcpy(&half, from, sizeof half);
  return widen(half);
}

[[gnu::always_inline]] inline half_vec lower_half(vec v) noexcept {
  half_vec half;
  __builtin_memcpy(&half, &v, sizeof half);
  return half;
}

[[gnu::always_inline]] inline half_vec upper_half(vec v) noexcept {
#if OUTTHINK_LANES == 16
  return __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
#elif OUTTHINK_LANES == 8
  return __builtin_shufflevector(v, v, 4, 5, 6, 7);
#else
  return __builtin_shufflevector(v, v, 2, 3);
#endif
}

/// Combines the lanes as a binary tree: lane i with lane i + half, until one is left. In registers:
/// kernels that reduce a few numbers at a time spend most of their time here.
template <class Operation>
[[gnu::always_inline]] inline double combine_lanes(dvec v, Operation operation) noexcept {
#if OUTTHINK_LANES == 16
  const auto quarter = operation(__builtin_shufflevector(v, v, 0, 1, 2, 3),
                                 __builtin_shufflevector(v, v, 4, 5, 6, 7));
#else
  const dvec quarter = v;
#endif
#if OUTTHINK_LANES >= 8
  const auto pair = operation(__builtin_shufflevector(quarter, quarter, 0, 1),
                              __builtin_shufflevector(quarter, quarter, 2, 3));
#else
  const dvec pair = quarter;
#endif
  return operation(static_cast<double>(pair[0]), static_cast<double>(pair[1]));
}

/// The binary exponents of positive normal numbers.
[[gnu::always_inline]] inline dvec exponents(dvec x) noexcept {
  // An integer below 2⁵² in the mantissa of 2⁵²: exact without a conversion that AVX2 lacks.
  lvec bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  bits = (bits >> 52) | 0x4330000000000000U;
  dvec shifted;
  __builtin_memcpy(&shifted, &bits, sizeof shifted);
  return shifted - (4503599627370496.0 + 1023.0);
}

/// What the exponents leave of positive normal numbers: in [1, 2).
[[gnu::always_inline]] inline dvec mantissas(dvec x) noexcept {
  lvec bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  bits = (bits & 0x000FFFFFFFFFFFFFU) | 0x3FF0000000000000U;
  dvec mantissa;
  __builtin_memcpy(&mantissa, &bits, sizeof mantissa);
  return mantissa;
}

/// ln(2ᵉ x) for positive normal x, with an absolute error below 2⁻⁵² (1 + |result|).
/// ln x = 2 artanh s with s = (x - 1) / (x + 1); |s| < 0.172 once x is in [√½, √2), so that the
/// series is exact to double precision after ten terms.
[[gnu::always_inline]] inline dvec log_scaled(dvec x, dvec e) noexcept {
  dvec m = mantissas(x);
  e += exponents(x);
  const dvec halved = m * 0.5;
  e = m > 1.4142135623730951 ? e + 1.0 : e;
  m = m > 1.4142135623730951 ? halved : m;
  const dvec s = (m - 1.0) / (m + 1.0);
  const dvec s2 = s * s;
  dvec p = broadcast_double(1.0 / 21);
  p = p * s2 + 1.0 / 19;
  p = p * s2 + 1.0 / 17;
  p = p * s2 + 1.0 / 15;
  p = p * s2 + 1.0 / 13;
  p = p * s2 + 1.0 / 11;
  p = p * s2 + 1.0 / 9;
  p = p * s2 + 1.0 / 7;
  p = p * s2 + 1.0 / 5;
  p = p * s2 + 1.0 / 3;
  p = p * s2 + 1.0;
  return e * 0.6931471805599453 + 2.0 * s * p;
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
