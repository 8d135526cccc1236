// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

struct divergence_strand {
  vec p, q, forward, reverse, only_p, only_q;
};

[[gnu::always_inline]] inline void add_tokens(divergence_strand& s, vec a, vec b, const weigher& p,
                                              const weigher& q) noexcept {
  const vec in_p = p.exponents(a), in_q = q.exponents(b);
  const vec weight_p = exp2(in_p), weight_q = exp2(in_q);
  // Clamped: an infinite or undefined difference must not meet a weight of 0. Where it meets
  // another, the largest logit that is masked in the other row tells.
  const vec most = broadcast(__FLT_MAX__), out = broadcast(-__builtin_inff());
  const vec difference = max(min(in_p - in_q, most), -most);
  s.p += weight_p;
  s.q += weight_q;
  s.forward = fma(weight_p, difference, s.forward);
  s.reverse = fma(weight_q, difference, s.reverse);
  s.only_p = max(select(lanes_equal(b, out), a, out), s.only_p);
  s.only_q = max(select(lanes_equal(a, out), b, out), s.only_q);
}

inline detail::divergence_sums divergence_of(const detail::two_row_args& a, float reference_p,
                                             float reference_q) noexcept {
  const float_row row_p{a.p}, row_q{a.q};
  const vec scale = broadcast(detail::log2_of_e), out = broadcast(-__builtin_inff());
  const weigher p{broadcast(reference_p), scale}, q{broadcast(reference_q), scale};
  detail::divergence_sums sums{0, 0, 0, 0, 0, 0};
  divergence_strand s{{}, {}, {}, {}, out, out};
  for (std::size_t begin = 0; begin < a.size; begin += 1024) {
    const std::size_t end = begin + 1024 < a.size ? begin + 1024 : a.size;
    for (std::size_t i = begin; i < end; i += lanes)
      add_tokens(s, vector_of(row_p, i, end), vector_of(row_q, i, end), p, q);
    sums.p += static_cast<double>(fold(s.p));
    sums.q += static_cast<double>(fold(s.q));
    sums.forward += static_cast<double>(fold(s.forward));
    sums.reverse += static_cast<double>(fold(s.reverse));
    s.p = s.q = s.forward = s.reverse = vec{};
  }
  sums.only_p = largest_lane(s.only_p);
  sums.only_q = largest_lane(s.only_q);
  return sums;
}

inline detail::divergence_sums kl_divergence(isa, const detail::two_row_args& a) noexcept {
  const float_row p{a.p}, q{a.q};
  const float early_p = early_reference(p, a.size), early_q = early_reference(q, a.size);
  detail::divergence_sums sums = divergence_of(a, early_p, early_q);
  if (!trusted(sums.p) || !trusted(sums.q)) {
    sums = divergence_of(a, largest_lane(largest_between(p, 0, a.size)),
                         largest_lane(largest_between(q, 0, a.size)));
  }
  return sums;
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
