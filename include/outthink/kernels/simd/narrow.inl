// SPDX-License-Identifier: MIT
//
// Loads that widen 16-bit numbers to floats, exactly.

namespace outthink::kernels::OUTTHINK_TARGET {

/// The next lanes' 16 bits each, as integers.
[[gnu::always_inline]] inline uvec load_bits(const void* from) noexcept {
#if OUTTHINK_LANES > 4 && !defined(__clang__)  // g++'s conversion of 16 takes three instructions
  using narrow = short __attribute__((vector_size(2 * OUTTHINK_LANES)));
#else
  using narrow = std::uint16_t __attribute__((vector_size(2 * OUTTHINK_LANES)));
#endif
  narrow v;
  __builtin_memcpy(&v, from, sizeof v);
#if OUTTHINK_LANES == 16 && !defined(__clang__)
  return reinterpret_cast<uvec>(
      __builtin_ia32_pmovzxwd512_mask(v, ivec{}, static_cast<unsigned short>(0xffff)));
#elif OUTTHINK_LANES == 8 && !defined(__clang__)
  return reinterpret_cast<uvec>(__builtin_ia32_pmovzxwd256(v));
#else
  return __builtin_convertvector(v, uvec);
#endif
}

[[gnu::always_inline]] inline vec load(const bfloat16* from) noexcept {
  return reinterpret_cast<vec>(load_bits(from) << 16);
}

[[gnu::always_inline]] inline vec load(const half* from) noexcept {
#if OUTTHINK_LANES > 4
  using narrow = short __attribute__((vector_size(2 * OUTTHINK_LANES)));
  narrow v;
  __builtin_memcpy(&v, from, sizeof v);
#if OUTTHINK_LANES == 16
  return __builtin_ia32_vcvtph2ps512_mask(v, vec{}, static_cast<unsigned short>(0xffff), 4);
#else
  return __builtin_ia32_vcvtph2ps256(v);
#endif
#else
  const uvec bits = load_bits(from);
  const uvec magnitude = (bits & 0x7fffU) << 13, exponent = magnitude & 0x0f800000U;
  const uvec normal = magnitude + 0x38000000U;
  // 2⁻¹⁴ and the mantissa, less 2⁻¹⁴: no operand is below a float's normal range.
  const vec small = reinterpret_cast<vec>(normal + 0x00800000U) - 0x1p-14F;
  const uvec quiet = magnitude > 0x0f800000U ? uvec{} + 0x00400000U : uvec{};
  uvec wide = exponent == 0 ? reinterpret_cast<uvec>(small) : normal;
  wide = exponent == 0x0f800000U ? (normal + 0x38000000U) | quiet : wide;
  return reinterpret_cast<vec>(wide | (bits & 0x8000U) << 16);
#endif
}

/// The first `count` < lanes numbers, then `rest`.
template <class Narrow>
[[gnu::always_inline]] inline vec load_first(const Narrow* from, std::size_t count,
                                             float rest) noexcept {
  float padded[lanes];
  for (std::size_t i = 0; i < lanes; ++i)
    padded[i] = i < count ? static_cast<float>(from[i]) : rest;
  return load(padded);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
