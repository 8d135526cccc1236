// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

/// log₂ of a token's probability.
struct log2_probability {
  weigher weights;
  vec log2_of_total;

  [[gnu::always_inline]] vec operator()(vec z) const noexcept {
    return weights.exponents(z) - log2_of_total;
  }
};

/// ln(1 + difference / sum) for a quotient in [0, 1], relative error below 3e-7: twice the artanh
/// of s = difference / (2 sum + difference), which is at most 1/3, by its series in s²; the last
/// coefficient stands for all that follow.
[[gnu::always_inline]] inline vec log_of_one_and(vec difference, vec sum) noexcept {
  const vec s = difference / max(sum + sum + difference, broadcast(__FLT_MIN__));
  const vec s2 = s * s;
  vec p = broadcast(0.10036F);
  p = fma(p, s2, broadcast(0.11111111F));
  p = fma(p, s2, broadcast(0.14285715F));
  p = fma(p, s2, broadcast(0.2F));
  p = fma(p, s2, broadcast(0.33333334F));
  p = fma(p, s2, broadcast(1.0F));
  return (s + s) * p;
}

/// Twice what a vector of tokens adds.
[[gnu::always_inline]] inline vec js_terms(vec in_p, vec in_q) noexcept {
  const vec p = exp2(in_p), q = exp2(in_q);
  const vec smaller = min(p, q), sum = p + q;
  // Clamped: an infinite or undefined distance must not meet a probability of 0.
  const vec distance = min(max(in_p - in_q, in_q - in_p), broadcast(__FLT_MAX__));
  const vec apart = smaller * distance * static_cast<float>(detail::ln_of_2);
  return sum * log_of_one_and(max(p, q) - smaller, sum) - apart;
}

inline double js_divergence(isa, const detail::two_row_args& a) noexcept {
  const float_row row_p{a.p}, row_q{a.q};
  block_sums sums_p, sums_q;
  double total = 0;
  if (sum_row<false>(row_p, a.size, detail::log2_of_e, sums_p) &&
      sum_row<false>(row_q, a.size, detail::log2_of_e, sums_q)) {
    const vec scale = broadcast(detail::log2_of_e);
    const log2_probability p{{broadcast(sums_p.reference), scale},
                             broadcast(static_cast<float>(__builtin_log2(sums_p.total)))};
    const log2_probability q{{broadcast(sums_q.reference), scale},
                             broadcast(static_cast<float>(__builtin_log2(sums_q.total)))};
    for (std::size_t begin = 0; begin < a.size; begin += 1024) {
      const std::size_t end = begin + 1024 < a.size ? begin + 1024 : a.size;
      vec sum{};
      for (std::size_t i = begin; i < end; i += lanes)
        sum += js_terms(p(vector_of(row_p, i, end)), q(vector_of(row_q, i, end)));
      total += static_cast<double>(fold(sum));
    }
  } else {
    total = static_cast<double>(__builtin_nanf(""));
  }
  return total < 0 ? 0 : total / 2;
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
