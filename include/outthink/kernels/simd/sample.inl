// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

/// Writes the weights of the candidates and returns the sum of the first `count`.
inline double weigh(const token_logit* ranked, std::size_t count, const weigher& w,
                    float* weights) noexcept {
  double total = 0;
  for (std::size_t i = 0; i < count; i += lanes) {
    float z[lanes];
    for (std::size_t l = 0; l < lanes; ++l)
      z[l] = i + l < count ? ranked[i + l].logit : -__builtin_inff();
    const vec e = w(load(z));
    store(weights + i, e);
    total += static_cast<double>(fold(e));
  }
  return total;
}

/// What top-p and then min-p keep of the ranked candidates, the largest of which is finite.
inline truncation truncate(const token_logit* ranked, std::size_t count,
                           const detail::sample_args& a) noexcept {
  std::size_t kept = count;
  if (a.top_p < 1) {
    const weigher w{broadcast(ranked[0].logit), broadcast(a.truncation_scale)};
    float weights[detail::most_ranked + 16];
    const double wanted = a.top_p * weigh(ranked, count, w, weights);
    double mass = 0;
    for (kept = 0; kept < count && (kept == 0 || mass < wanted); ++kept)
      mass += static_cast<double>(weights[kept]);
  }
  const double cut = static_cast<double>(ranked[0].logit) + a.min_p_distance;
  const auto threshold = static_cast<float>(cut);
  if (a.min_p_distance > -__builtin_inf())
    while (kept > 1 && ranked[kept - 1].logit < threshold) --kept;
  return {ranked[kept - 1].logit, ranked[kept - 1].token};
}

/// Draws from the candidates that a truncation keeps, in index order.
inline detail::drawn draw_candidates(candidates& c, const truncation& kept, float largest,
                                     const detail::sample_args& a) noexcept {
  const weigher w{broadcast(largest), broadcast(a.scale)};
  for (std::size_t i = 0; i < c.count; ++i) {
    if (!(c.logits[i] > kept.threshold ||
          (c.logits[i] == kept.threshold && c.tokens[i] <= kept.last)))
      c.logits[i] = -__builtin_inff();
  }
  for (std::size_t i = 0; i < lanes; ++i) c.logits[c.count + i] = -__builtin_inff();
  double total = 0;
  for (std::size_t i = 0; i < c.count; i += lanes) {
    const vec e = w(load(c.logits + i));
    store(c.logits + i, e);
    total += static_cast<double>(fold(e));
  }
  double target = a.uniform * total;
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < c.count; ++i) {
    const auto weight = static_cast<double>(c.logits[i]);
    if (weight > 0) chosen = i;
    if (weight > target) break;
    target -= weight;
  }
  return {c.tokens[chosen], static_cast<double>(c.logits[chosen]) / total};
}

/// What top-k, for k above 512, and top-p keep of a row with a finite largest logit.
template <class Row>
inline truncation truncate_row(const Row& row, const maxima& m,
                               const detail::sample_args& a) noexcept {
  truncation kept;
  if (a.top_k > 0 && a.top_k < a.size) kept = keep_largest(row, a.size, a.top_k, m.largest);
  if (a.top_p < 1) {
    const truncated_row<Row> left{row, kept};
    const weigher w{broadcast(m.largest), broadcast(a.truncation_scale)};
    const double total = reach(left, a.size, -__FLT_MAX__, w).mass;
    kept = nucleus(left, a.size, m.largest, a.top_p > 0 ? a.top_p * total : 0, w);
  }
  const double cut = static_cast<double>(m.largest) + a.min_p_distance;
  if (static_cast<float>(cut) > kept.threshold) kept = {static_cast<float>(cut), ~0U};
  return kept;
}

template <class Row>
inline detail::drawn sample_of(const Row& row, const detail::sample_args& a) noexcept {
  maxima m;
  const bool few = a.top_k > 0 && a.top_k <= detail::most_ranked;
  find_maxima(row, a.size, few ? groups_per_cell(a.size, a.top_k) : 16, m);
  const bool finite = m.largest > -__builtin_inff() && m.largest < __builtin_inff();
  if (!finite || a.scale == 0) return draw_kept_or_largest(row, m, {}, a.scale, a.uniform);
  if (!few) return draw_kept(row, m, truncate_row(row, m, a), a.scale, a.uniform);
  candidates c;
  collect(row, m, a.top_k, c);
  token_logit ranked[detail::most_ranked];
  ranked[0] = {0, m.largest};
  const std::size_t count = rank(c, a.top_k, ranked);
  return draw_candidates(c, truncate(ranked, count, a), m.largest, a);
}

template <class Logit>
inline detail::drawn sample(isa, const Logit* logits, const detail::sample_args& a) noexcept {
  const stored_row row{logits};
  if (a.allowed == nullptr) return sample_of(row, a);
  return sample_of(masked_row<stored_row<Logit>>{row, a.allowed}, a);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
