// SPDX-License-Identifier: MIT
//
// The vector layer of one target: a GCC/clang vector type and the few operations that its
// operators do not give. Everything is forced inline, so that no vector crosses a call.

namespace outthink::kernels::OUTTHINK_TARGET {

inline constexpr std::size_t lanes = OUTTHINK_LANES;
using vec = float __attribute__((vector_size(4 * OUTTHINK_LANES)));
using ivec = std::int32_t __attribute__((vector_size(4 * OUTTHINK_LANES)));

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

/// Ends a kernel that used wide registers, so that narrower code after it does not pay for them.
[[gnu::always_inline]] inline void leave() noexcept {
#if OUTTHINK_LANES > 4
  __builtin_ia32_vzeroupper();
#endif
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
