// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

/// log₂ of the sum of all weights relative to the largest logit, which must be finite.
template <class Row>
inline double log2_of_weights(const Row& row, const maxima& m, float scale) noexcept {
  block_sums blocks;
  sum_blocks(row, m.tokens, m.largest, clean_weigher{{broadcast(m.largest), broadcast(scale)}},
             blocks);
  return __builtin_log2(blocks.total);
}

/// The tokens whose surprise, `normaliser` less their exponent, is within the limit.
inline truncation surprising_at_most(double limit, double normaliser, float largest,
                                     float scale) noexcept {
  const double cut =
      static_cast<double>(largest) + (normaliser - limit) / static_cast<double>(scale);
  truncation kept;
  if (cut > static_cast<double>(kept.threshold)) kept.threshold = static_cast<float>(cut);
  if (!(cut < static_cast<double>(largest))) kept.threshold = largest;
  return kept;
}

/// How many tokens Zipf's law, fitted to the likeliest ones, allows for a surprise.
inline std::size_t zipf_count(const token_logit* ranked, std::size_t count, std::size_t tokens,
                              const detail::mirostat_args& a) noexcept {
  double products = 0, squares = 0;
  for (std::size_t i = 0; i + 1 < count; ++i) {
    const double ratio = __builtin_log1p(1 / static_cast<double>(i + 1));
    const double fall =
        (static_cast<double>(ranked[i].logit) - static_cast<double>(ranked[i + 1].logit)) *
        static_cast<double>(a.scale) * detail::ln_of_2;
    products += ratio * fall;
    squares += ratio * ratio;
  }
  const double s = products / squares, epsilon = s - 1;
  const double log_of_tokens = __builtin_log(static_cast<double>(tokens));
  // ε / (1 - V^-ε), which is 1 / ln V in the limit of ε = 0.
  const double share =
      epsilon != 0 ? epsilon / -__builtin_expm1(-epsilon * log_of_tokens) : 1 / log_of_tokens;
  const double k = __builtin_pow(share * __builtin_exp2(a.limit), 1 / s);
  if (!(k > 1)) return 1;
  return k < static_cast<double>(tokens) ? static_cast<std::size_t>(k) : tokens;
}

template <class Row>
inline truncation zipf_head(const Row& row, const maxima& m,
                            const detail::mirostat_args& a) noexcept {
  candidates c;
  token_logit ranked[detail::most_ranked];
  collect(row, m, 100, c);
  std::size_t count = rank(c, 100, ranked);
  const std::size_t k = zipf_count(ranked, count, m.tokens, a);
  if (k > detail::most_ranked) return keep_largest(row, m.tokens, k, m.largest);
  if (k > count) {
    collect(row, m, k, c);
    count = rank(c, k, ranked);
  }
  const token_logit last = ranked[(k < count ? k : count) - 1];
  return {last.logit, last.token};
}

template <class Logit>
inline truncation mirostat(isa, const Logit* logits, const detail::mirostat_args& a) noexcept {
  const stored_row row{logits};
  maxima m;
  find_maxima(row, a.size, groups_per_cell(a.size, 100), m);
  truncation kept;
  if (m.largest == __builtin_inff())
    kept = {m.largest, static_cast<std::uint32_t>(first_largest(row, m))};
  else if (m.largest > -__builtin_inff() && a.version == mirostat_version::one)
    kept = zipf_head(row, m, a);
  else if (m.largest > -__builtin_inff())
    kept = surprising_at_most(a.limit, log2_of_weights(row, m, a.scale), m.largest, a.scale);
  return kept;
}

template <class Logit>
inline detail::mirostat_drawn mirostat_draw(isa, const Logit* logits,
                                            const detail::mirostat_args& a) noexcept {
  const stored_row row{logits};
  maxima m;
  find_maxima(row, a.size, groups_per_cell(a.size, 100), m);
  detail::mirostat_drawn drawn{no_token, static_cast<double>(__builtin_nanf(""))};
  if (!(m.largest > -__builtin_inff() && m.largest < __builtin_inff()) || a.scale == 0) {
    drawn.token = draw_kept_or_largest(row, m, {}, a.scale, a.uniform).token;
  } else {
    const double normaliser = log2_of_weights(row, m, a.scale);
    const truncation kept = a.version == mirostat_version::one
                                ? zipf_head(row, m, a)
                                : surprising_at_most(a.limit, normaliser, m.largest, a.scale);
    drawn.token = draw_kept(row, m, kept, a.scale, a.uniform).token;
    const double below = static_cast<double>(m.largest) - static_cast<double>(row.one(drawn.token));
    drawn.surprise = normaliser + below * static_cast<double>(a.scale);
  }
  return drawn;
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
