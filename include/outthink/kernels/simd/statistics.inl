// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

struct statistics_strand {
  vec largest, sum, weighted, exponents;

  [[gnu::always_inline]] void add(vec z, vec t) noexcept {
    const vec e = exp2(t);
    largest = max(z, largest);
    sum += e;
    weighted = fma(e, max(t, broadcast(-200.0F)), weighted);  // not 0 · -inf
    exponents += t;
  }
};

/// Adds a group and returns its lanes' maxima. Lanes past the end add nothing to Σ t.
template <class Row>
[[gnu::always_inline]] inline vec add_group(const Row& row, std::size_t begin, std::size_t end,
                                            const weigher& w, statistics_strand& a,
                                            statistics_strand& b) noexcept {
  a.largest = b.largest = broadcast(-__builtin_inff());
  std::size_t i = begin;
  for (; i + 2 * lanes <= end; i += 2 * lanes) {
    const vec y = row.at(i), z = row.at(i + lanes);
    a.add(y, w.exponents(y));
    b.add(z, w.exponents(z));
  }
  for (; i + lanes <= end; i += lanes) {
    const vec z = row.at(i);
    a.add(z, w.exponents(z));
  }
  if (i < end) {
    const vec z = row.first(i, end - i);
    const vec before = a.exponents, t = w.exponents(z);
    a.add(z, t);
    a.exponents = before + select((1U << (end - i)) - 1, t, vec{});
  }
  return max(a.largest, b.largest);
}

/// Sums relative to `reference`, and the maxima of groups and cells.
template <class Row>
inline void sum_statistics(const Row& row, std::size_t tokens, float reference,
                           std::size_t per_cell, maxima& m, detail::statistics_sums& s) noexcept {
  const weigher w{broadcast(reference), broadcast(detail::log2_of_e)};
  m.tokens = tokens;
  m.group_size = detail::group_size(tokens);
  m.groups_per_cell = per_cell;
  m.group_count = m.cell_count = 0;
  s = {reference, 0, 0, 0, 0, 0};
  vec cell = broadcast(-__builtin_inff()), largest = cell;
  statistics_strand a{}, b{};
  for (std::size_t begin = 0; begin < tokens; begin += m.group_size) {
    const std::size_t end = begin + m.group_size < tokens ? begin + m.group_size : tokens;
    const vec group = add_group(row, begin, end, w, a, b);
    store(m.groups + m.group_count++ * lanes, group);
    cell = max(group, cell);
    if (m.group_count % per_cell == 0 || end == tokens) {
      store(m.cells + m.cell_count++ * lanes, cell);
      largest = max(cell, largest);
      cell = broadcast(-__builtin_inff());
    }
    if (m.group_count % 4 == 0 || end == tokens) {
      s.sum += static_cast<double>(fold(a.sum + b.sum));
      s.weighted += static_cast<double>(fold(a.weighted + b.weighted));
      s.exponents += static_cast<double>(fold(a.exponents + b.exponents));
      a = b = statistics_strand{};
    }
  }
  s.largest = m.largest = largest_lane(largest);
}

template <class Logit>
inline detail::statistics_sums statistics(isa, const Logit* logits, std::size_t size,
                                          token_logit* likeliest, std::size_t wanted) noexcept {
  const stored_row row{logits};
  const std::size_t per_cell = groups_per_cell(size, wanted + 1);
  maxima m;
  detail::statistics_sums s{-__builtin_inff(), -__builtin_inff(), 1, 0, 0, 0};
  const float early = early_reference(row, size);
  const bool usable = early > -__builtin_inff() && early < __builtin_inff();
  if (usable) sum_statistics(row, size, early, per_cell, m, s);
  if (!usable || !trusted(s.sum)) {
    const float largest = largest_lane(largest_between(row, 0, size));
    if (largest == -__builtin_inff() && !any_nan(row, size)) {
      return {largest, largest, 1, 0, 0, 0};
    }
    sum_statistics(row, size, largest, per_cell, m, s);
  }
  if (wanted > 0 && s.largest > -__builtin_inff()) {
    candidates c;
    collect(row, m, wanted, c);
    s.likeliest = rank(c, wanted, likeliest);
  }
  return s;
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
