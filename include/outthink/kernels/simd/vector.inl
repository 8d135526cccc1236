// SPDX-License-Identifier: MIT
//
// The vector layer of one target: a GCC/clang vector type and the few operations that its
// operators do not give. Everything is forced inline, so that no vector crosses a call.

namespace outthink::kernels::OUTTHINK_TARGET {

/// Names this target: the first parameter of what `detail::dispatch` may call.
struct isa {};

inline constexpr std::size_t lanes = OUTTHINK_LANES;
using vec = float __attribute__((vector_size(4 * OUTTHINK_LANES)));
using ivec = std::int32_t __attribute__((vector_size(4 * OUTTHINK_LANES)));
using uvec = std::uint32_t __attribute__((vector_size(4 * OUTTHINK_LANES)));

/// A comparison that holds in every lane.
inline constexpr std::uint32_t all_lanes = (1U << lanes) - 1;

[[gnu::always_inline]] inline vec load(const float* from) noexcept {
  vec v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}

[[gnu::always_inline]] inline void store(float* to, vec v) noexcept {
  __builtin_memcpy(to, &v, sizeof v);
}

/// The first `count` < lanes floats, then zeros.
[[gnu::always_inline]] inline vec load_first(const float* from, std::size_t count) noexcept {
  float padded[lanes] = {};
  for (std::size_t i = 0; i < count; ++i) padded[i] = from[i];
  return load(padded);
}

/// Stores the first `count` < lanes floats.
[[gnu::always_inline]] inline void store_first(float* to, vec v, std::size_t count) noexcept {
  float padded[lanes];
  store(padded, v);
  for (std::size_t i = 0; i < count; ++i) to[i] = padded[i];
}

/// x in every lane; subtracting zero, unlike adding it, keeps the sign of -0.
[[gnu::always_inline]] inline vec broadcast(float x) noexcept {
  return x - vec{};
}

/// a·b + c, rounded once where the target has the instruction. Written with the instruction itself,
/// never left to the compiler's contraction, which may differ from one inlined copy to the next.
[[gnu::always_inline]] inline vec fma(vec a, vec b, vec c) noexcept {
#if OUTTHINK_LANES == 16 && !defined(__clang__)
  return __builtin_ia32_vfmaddps512_mask(a, b, c, static_cast<unsigned short>(0xffff), 4);
#elif OUTTHINK_LANES == 8 && !defined(__clang__)
  return __builtin_ia32_vfmaddps256(a, b, c);
#elif OUTTHINK_LANES == 4 && defined(__FMA__) && !defined(__clang__)
  return __builtin_ia32_vfmaddps(a, b, c);
#elif defined(__clang__) && (OUTTHINK_LANES > 4 || defined(__FMA__) || defined(__ARM_FEATURE_FMA))
  return __builtin_elementwise_fma(a, b, c);
#elif defined(__ARM_FEATURE_FMA)
  for (std::size_t i = 0; i < lanes; ++i) c[i] = __builtin_fmaf(a[i], b[i], c[i]);
  return c;
#else
  return a * b + c;
#endif
}

[[gnu::always_inline]] inline vec max(vec a, vec b) noexcept {
  return a > b ? a : b;
}
[[gnu::always_inline]] inline vec min(vec a, vec b) noexcept {
  return a < b ? a : b;
}

/// Sum over the lanes as a binary tree: lane i with lane i + half, until one is left.
[[gnu::always_inline]] inline float sum_of_lanes(vec v) noexcept {
  float t[lanes];
  store(t, v);
  for (std::size_t half = lanes / 2; half > 0; half /= 2)
    for (std::size_t i = 0; i < half; ++i) t[i] += t[i + half];
  return t[0];
}

[[gnu::always_inline]] inline float max_of_lanes(vec v) noexcept {
  float t[lanes];
  store(t, v);
  for (std::size_t half = lanes / 2; half > 0; half /= 2)
    for (std::size_t i = 0; i < half; ++i) t[i] = t[i] > t[i + half] ? t[i] : t[i + half];
  return t[0];
}

/// eˣ within 2 ulp for x in [-87.3, 88.3]; 0 below, e^88.3 above.
/// Cephes' expf (S. Moshier, 1989): x = n ln 2 + r, a polynomial in r, n added to the exponent.
/// ln 2 is split so that n times its upper part is exact also without FMA.
[[gnu::always_inline]] inline vec exp(vec x) noexcept {
  const vec shifter = broadcast(12582912.0F);  // 1.5 · 2²³: adding it rounds to an integer
  const vec clamped = min(max(x, broadcast(-87.3F)), broadcast(88.3F));
  const vec shifted = fma(clamped, broadcast(1.44269504F), shifter);
  const vec n = shifted - shifter;
  vec r = fma(n, broadcast(-0.693359375F), clamped);
  r = fma(n, broadcast(2.12194440e-4F), r);
  vec p = broadcast(1.9875691500e-4F);
  p = fma(p, r, broadcast(1.3981999507e-3F));
  p = fma(p, r, broadcast(8.3334519073e-3F));
  p = fma(p, r, broadcast(4.1665795894e-2F));
  p = fma(p, r, broadcast(1.6666665459e-1F));
  p = fma(p, r, broadcast(5.0000001201e-1F));
  const vec e = fma(p, r * r, r) + 1.0F;
  ivec exponent;
  __builtin_memcpy(&exponent, &shifted, sizeof exponent);
  exponent = (exponent - 0x4b400000 + 127) << 23;
  vec power;
  __builtin_memcpy(&power, &exponent, sizeof power);
  return x < -87.3F ? vec{} : e * power;
}

#if OUTTHINK_LANES < 16
[[gnu::always_inline]] inline std::uint32_t bits_of(ivec truth) noexcept {
#if OUTTHINK_LANES == 8
  return static_cast<std::uint32_t>(__builtin_ia32_movmskps256(reinterpret_cast<vec>(truth)));
#elif defined(__SSE__)
  return static_cast<std::uint32_t>(__builtin_ia32_movmskps(reinterpret_cast<vec>(truth)));
#else
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < lanes; ++i) bits |= truth[i] != 0 ? 1U << i : 0U;
  return bits;
#endif
}
#endif

/// The lanes whose comparison holds as bits, lane 0 lowest. Comparisons with NaN do not hold.
[[gnu::always_inline]] inline std::uint32_t lanes_above(vec a, vec b) noexcept {
#if OUTTHINK_LANES == 16
  return __builtin_ia32_cmpps512_mask(a, b, 30, static_cast<unsigned short>(0xffff), 4);
#else
  return bits_of(a > b);
#endif
}
[[gnu::always_inline]] inline std::uint32_t lanes_at_least(vec a, vec b) noexcept {
#if OUTTHINK_LANES == 16
  return __builtin_ia32_cmpps512_mask(a, b, 29, static_cast<unsigned short>(0xffff), 4);
#else
  return bits_of(a >= b);
#endif
}
[[gnu::always_inline]] inline std::uint32_t lanes_equal(vec a, vec b) noexcept {
#if OUTTHINK_LANES == 16
  return __builtin_ia32_cmpps512_mask(a, b, 0, static_cast<unsigned short>(0xffff), 4);
#else
  return bits_of(a == b);
#endif
}

/// 0, 1, 2, … in the lanes.
[[gnu::always_inline]] inline ivec lane_numbers() noexcept {
#if OUTTHINK_LANES == 16
  return ivec{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
#elif OUTTHINK_LANES == 8
  return ivec{0, 1, 2, 3, 4, 5, 6, 7};
#else
  return ivec{0, 1, 2, 3};
#endif
}

/// a in the lanes whose bits are set, b in the others.
[[gnu::always_inline]] inline vec select(std::uint32_t bits, vec a, vec b) noexcept {
#if OUTTHINK_LANES == 16 && defined(__clang__)
  return __builtin_ia32_selectps_512(static_cast<unsigned short>(bits), a, b);
#elif OUTTHINK_LANES == 16
  return __builtin_ia32_blendmps_512_mask(b, a, static_cast<unsigned short>(bits));
#else
  const ivec lane_bit = (ivec{} + 1) << lane_numbers();
  return ((static_cast<std::int32_t>(bits) - ivec{}) & lane_bit) != 0 ? a : b;
#endif
}

/// Stores the lanes whose bits are set side by side; may write `lanes` floats. Returns their
/// number.
[[gnu::always_inline]] inline std::size_t store_selected(float* to, vec v,
                                                         std::uint32_t bits) noexcept {
#if OUTTHINK_LANES == 16
  store(to, __builtin_ia32_compresssf512_mask(v, v, static_cast<unsigned short>(bits)));
#else
  float all[lanes];
  store(all, v);
  std::size_t n = 0;
  for (std::uint32_t left = bits; left != 0; left &= left - 1) to[n++] = all[__builtin_ctz(left)];
#endif
  return static_cast<std::size_t>(__builtin_popcount(bits));
}

/// Stores `first` + lane number of the lanes whose bits are set; may write `lanes` numbers.
[[gnu::always_inline]] inline void store_numbers(std::uint32_t* to, std::uint32_t first,
                                                 std::uint32_t bits) noexcept {
#if OUTTHINK_LANES == 16
  const ivec numbers = lane_numbers() + static_cast<std::int32_t>(first);
  const ivec packed =
      __builtin_ia32_compresssi512_mask(numbers, numbers, static_cast<unsigned short>(bits));
  __builtin_memcpy(to, &packed, sizeof packed);
#else
  for (std::uint32_t left = bits; left != 0; left &= left - 1)
    *to++ = first + static_cast<std::uint32_t>(__builtin_ctz(left));
#endif
}

/// The first `count` < lanes floats, then `rest`.
[[gnu::always_inline]] inline vec load_first(const float* from, std::size_t count,
                                             float rest) noexcept {
  float padded[lanes];
  for (std::size_t i = 0; i < lanes; ++i) padded[i] = i < count ? from[i] : rest;
  return load(padded);
}

/// The largest lane, -inf if all are NaN.
[[gnu::always_inline]] inline float largest_lane(vec v) noexcept {
  float t[lanes];
  store(t, v);
  float largest = -__builtin_inff();
  for (std::size_t i = 0; i < lanes; ++i) largest = t[i] > largest ? t[i] : largest;
  return largest;
}

struct adding {
  template <class T>
  [[gnu::always_inline]] T operator()(T a, T b) const noexcept {
    return a + b;
  }
};

struct multiplying {
  template <class T>
  [[gnu::always_inline]] T operator()(T a, T b) const noexcept {
    return a * b;
  }
};

struct taking_smaller {
  template <class T>
  [[gnu::always_inline]] T operator()(T a, T b) const noexcept {
    return a < b ? a : b;
  }
};

/// Combines the lanes as a binary tree, in registers: lane i with lane i + half, until one is left.
template <class Operation>
[[gnu::always_inline]] inline float combine_lanes(vec v, Operation operation) noexcept {
  using quad = float __attribute__((vector_size(16)));
#if OUTTHINK_LANES == 16
  const auto half = operation(__builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7),
                              __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15));
#else
  const vec half = v;
#endif
#if OUTTHINK_LANES >= 8
  const quad q = operation(__builtin_shufflevector(half, half, 0, 1, 2, 3),
                           __builtin_shufflevector(half, half, 4, 5, 6, 7));
#else
  const quad q = half;
#endif
  const quad pairs = operation(q, __builtin_shufflevector(q, q, 2, 3, 0, 1));
  return operation(static_cast<float>(pairs[0]), static_cast<float>(pairs[1]));
}

/// The bits of `sum_of_lanes`.
[[gnu::always_inline]] inline float fold(vec v) noexcept {
  return combine_lanes(v, adding{});
}

/// 2ᵗ within 2 ulp for t in [-126, 128); +inf from 128 on; at most 2⁻¹²⁶ (0 except on AVX-512)
/// below -126; NaN for NaN. 2⁰ = 1 exactly.
/// t = n + r with r in [0, 1]; the polynomial, of degree 5, is the minimax fit of 2ʳ under p(0) = 1
/// and p(1) = 2, relative error 9.3e-8, so that the result is continuous in t.
[[gnu::always_inline]] inline vec exp2(vec t) noexcept {
#if OUTTHINK_LANES == 16 && defined(__clang__)
  const vec r = __builtin_ia32_reduceps512_mask(t, 9, t, static_cast<unsigned short>(0xffff), 4);
#elif OUTTHINK_LANES == 16
  const vec r = __builtin_ia32_reduceps512_mask(t, 9, t, static_cast<unsigned short>(0xffff));
#else
  const vec shifter = broadcast(12582912.0F);  // 1.5 · 2²³: adding it rounds to an integer
  const vec low = broadcast(-126.75F), high = broadcast(128.0F);  // round to -127 and 128
  // NaN, as the second operand, is what the instructions give.
#if OUTTHINK_LANES == 8
  const vec clamped = __builtin_ia32_minps256(high, __builtin_ia32_maxps256(low, t));
#elif defined(__SSE__)
  const vec clamped = __builtin_ia32_minps(high, __builtin_ia32_maxps(low, t));
#else
  const vec not_low = low > t ? low : t;
  const vec clamped = high < not_low ? high : not_low;
#endif
  const vec shifted = (clamped - 0.5F) + shifter;
  const vec r = clamped - (shifted - shifter);
#endif
  vec p = broadcast(1.87931880e-3F);
  p = fma(p, r, broadcast(8.99099471e-3F));
  p = fma(p, r, broadcast(5.58186763e-2F));
  p = fma(p, r, broadcast(2.40159271e-1F));
  p = fma(p, r, broadcast(6.93151739e-1F));
  p = fma(p, r, broadcast(1.0F));
#if OUTTHINK_LANES == 16
  return __builtin_ia32_scalefps512_mask(p, t, p, static_cast<unsigned short>(0xffff), 4);
#else
  const ivec exponent = (reinterpret_cast<ivec>(shifted) - 0x4b400000 + 127) << 23;
  return p * reinterpret_cast<vec>(exponent);
#endif
}

/// Called after a kernel, so that narrower code after it does not pay for the wide registers that
/// it used. A function of its own: inlined, it may come before a last use of them.
[[gnu::noinline]] inline void leave(isa) noexcept {
#if OUTTHINK_LANES > 4
  __builtin_ia32_vzeroupper();
#endif
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
