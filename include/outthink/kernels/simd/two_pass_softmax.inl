// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

/// eˣ = result · 2ⁿ with a whole n: the exponent may exceed what a float can have. x far below all
/// that matters, -inf too, counts as -2¹⁹; NaN and +inf give NaN. The paper's polynomial, within
/// 2 ulp; ln 2 in two parts as in `exp`.
[[gnu::always_inline]] inline vec extended_exp(vec x, vec& n) noexcept {
  const vec shifter = broadcast(12582912.0F);  // 1.5 · 2²³: adding it rounds to an integer
  const vec finite = max(broadcast(-0x1p19F), x);
  n = fma(finite, broadcast(detail::log2_of_e), shifter) - shifter;
  vec r = fma(n, broadcast(-0.693359375F), finite);
  r = fma(n, broadcast(2.12194440e-4F), r);
  vec p = broadcast(0x1.0F9F9Cp-7F);
  p = fma(p, r, broadcast(0x1.573A1Ap-5F));
  p = fma(p, r, broadcast(0x1.555A80p-3F));
  p = fma(p, r, broadcast(0x1.FFFDC6p-2F));
  p = fma(p, r, broadcast(0x1.FFFFF6p-1F));
  return fma(p, r, broadcast(1.0F));
}

/// x · 2ⁿ for whole n ≤ 0.
[[gnu::always_inline]] inline vec scale_down(vec x, vec n) noexcept {
#if OUTTHINK_LANES == 16
  return __builtin_ia32_scalefps512_mask(x, n, x, static_cast<unsigned short>(0xffff), 4);
#else
  // 1.5 · 2²³ + 127: the exponent's bits become the lowest ones; those of -127 are the bits of 0.
  const vec shifted = max(n, broadcast(-127.0F)) + 12583039.0F;
  return x * reinterpret_cast<vec>(reinterpret_cast<ivec>(shifted) << 23);
#endif
}

/// Lane by lane, mantissa · 2^exponent.
struct extended_sums {
  vec mantissa, exponent;
};

[[gnu::always_inline]] inline void add_extended(extended_sums& s, vec x) noexcept {
  vec n;
  const vec m = extended_exp(x, n);
  const vec top = max(n, s.exponent);
  s.mantissa = scale_down(s.mantissa, s.exponent - top) + scale_down(m, n - top);
  s.exponent = top;
}

[[gnu::always_inline]] inline void add_extended(extended_sums& s, vec x, vec y, vec z,
                                                vec u) noexcept {
  vec nx, ny, nz, nu;
  const vec mx = extended_exp(x, nx), my = extended_exp(y, ny);
  const vec mz = extended_exp(z, nz), mu = extended_exp(u, nu);
  const vec top = max(max(max(nx, ny), max(nz, nu)), s.exponent);
  s.mantissa = scale_down(s.mantissa, s.exponent - top) +
               ((scale_down(mx, nx - top) + scale_down(my, ny - top)) +
                (scale_down(mz, nz - top) + scale_down(mu, nu - top)));
  s.exponent = top;
}

inline extended_sums sum_extended(const float* logits, std::size_t size, float scale) noexcept {
  extended_sums s{vec{}, broadcast(-0x1p20F)};
  std::size_t i = 0;
  for (; i + 4 * lanes <= size; i += 4 * lanes) {
    add_extended(s, load(logits + i) * scale, load(logits + i + lanes) * scale,
                 load(logits + i + 2 * lanes) * scale, load(logits + i + 3 * lanes) * scale);
  }
  for (; i < size; i += lanes) add_extended(s, vector_of(float_row{logits}, i, size) * scale);
  return s;
}

/// Adds the pairs of a row to mantissa · 2^exponent. False if an exponent is so large that pairs
/// lose precision.
inline bool sum_all_extended(const float* logits, const detail::softmax_args& a, double& mantissa,
                             float& exponent) noexcept {
  mantissa = 0;
  exponent = -0x1p20F;
  for (std::size_t begin = 0; begin < a.size; begin += 1024) {
    const std::size_t size = begin + 1024 < a.size ? 1024 : a.size - begin;
    const extended_sums s = sum_extended(logits + begin, size, a.scale);
    const float block = largest_lane(s.exponent);
    if (!(block < 28800.0F)) return false;
    const vec lanes_down = scale_down(s.mantissa, s.exponent - broadcast(block));
    const auto sum = static_cast<double>(fold(lanes_down));
    const float top = block > exponent ? block : exponent;
    mantissa = __builtin_ldexp(mantissa, static_cast<int>(exponent - top)) +
               __builtin_ldexp(sum, static_cast<int>(block - top));
    exponent = top;
  }
  return mantissa > 0 && exponent > -28800.0F;
}

/// False if nothing was written.
inline bool two_pass_softmax(isa, const float* logits, const detail::softmax_args& a) noexcept {
  double mantissa;
  float exponent;
  const bool exact = sum_all_extended(logits, a, mantissa, exponent);
  if (exact) {
    const vec factor = broadcast(static_cast<float>(1 / mantissa)), top = broadcast(exponent);
    std::size_t i = 0;
    vec n;
    for (; i + lanes <= a.size; i += lanes) {
      const vec m = extended_exp(load(logits + i) * a.scale, n);
      store(a.probabilities + i, scale_down(m * factor, n - top));
    }
    if (i < a.size) {
      const vec m = extended_exp(vector_of(float_row{logits}, i, a.size) * a.scale, n);
      store_first(a.probabilities + i, scale_down(m * factor, n - top), a.size - i);
    }
  }
  return exact;
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
