// SPDX-License-Identifier: MIT
//
// The k largest logits of a row whose maxima are known, for k up to 512. The k-th largest of the
// cells' maxima is a lower bound of the k-th largest logit, so that only groups that reach it are
// read again.

namespace outthink::kernels::OUTTHINK_TARGET {

/// Tokens in ascending order and their logits.
struct candidates {
  alignas(64) float logits[detail::most_candidates + 16];
  alignas(64) std::uint32_t tokens[detail::most_candidates + 16];
  std::size_t count;
};

/// How many groups to a cell leave at least eight cells' lanes for every token wanted.
[[nodiscard]] inline std::size_t groups_per_cell(std::size_t tokens, std::size_t wanted) noexcept {
  const std::size_t groups = tokens / detail::group_size(tokens);
  std::size_t per_cell = 1;
  while (per_cell < 16 && groups * lanes >= 16 * per_cell * wanted) per_cell *= 2;
  return per_cell;
}

/// Leaves the `wanted` largest, of equal ones those that come first, in their order.
inline void shrink(candidates& c, std::size_t wanted) noexcept {
  if (c.count <= wanted) return;
  const float_row row{c.logits};
  const float largest = largest_lane(largest_between(row, 0, c.count));
  const float threshold = reached_by(row, c.count, wanted, 0, -__FLT_MAX__, largest);
  std::size_t ties = wanted - count_above(row, c.count, threshold), n = 0;
  for (std::size_t i = 0; i < c.count; ++i) {
    const float z = c.logits[i];
    if (!(z > threshold) && !(z == threshold && ties > 0)) continue;
    if (z == threshold) --ties;
    c.logits[n] = z;
    c.tokens[n++] = c.tokens[i];
  }
  c.count = n;
}

struct collector {
  candidates& found;
  std::size_t wanted;
  vec above = broadcast(-__builtin_inff());  ///< tokens from here on must exceed it

  [[gnu::always_inline]] void group(std::size_t) const noexcept {}
  [[gnu::always_inline]] void operator()(std::size_t i, std::uint32_t bits, vec z) noexcept {
    const std::uint32_t kept = bits & lanes_above(z, above);
    store_selected(found.logits + found.count, z, kept);
    store_numbers(found.tokens + found.count, static_cast<std::uint32_t>(i), kept);
    found.count += static_cast<std::size_t>(__builtin_popcount(kept));
    if (found.count > detail::most_candidates - lanes) raise();
  }

  /// The buffer is full: a later token must be larger than the smallest of the `wanted` best so
  /// far.
  void raise() noexcept {
    shrink(found, wanted);
    float smallest = found.logits[0];
    for (std::size_t i = 1; i < found.count; ++i)
      smallest = found.logits[i] < smallest ? found.logits[i] : smallest;
    above = broadcast(smallest);
  }
};

/// Finds at least the `wanted` largest logits, or all that are above -inf.
template <class Row>
inline void collect(const Row& row, const maxima& m, std::size_t wanted, candidates& c) noexcept {
  c.count = 0;
  const std::size_t cells = m.cell_count * lanes;
  const float low = cells >= wanted ? smallest_cell(m) : -__FLT_MAX__;
  const float threshold =
      reached_by(float_row{m.cells}, cells, wanted, wanted / 8 + 2, low, m.largest);
  collector visit{c, wanted};
  visit_kept(row, m, truncation{threshold, ~0U}, visit);
  if (c.count > wanted + 128) shrink(c, wanted);
}

/// Writes up to `wanted` of the candidates, the largest first, equal ones in ascending order of
/// tokens. A candidate's place is the number of candidates before it: no sorting, no branches.
inline std::size_t rank(candidates& c, std::size_t wanted, token_logit* ranked) noexcept {
  for (std::size_t i = 0; i < lanes; ++i) c.logits[c.count + i] = -__builtin_inff();
  for (std::size_t i = 0; i < c.count; ++i) {
    const vec z = broadcast(c.logits[i]);
    std::size_t place = 0, v = 0;
    for (; v + lanes <= i; v += lanes)
      place += static_cast<std::size_t>(__builtin_popcount(lanes_at_least(load(c.logits + v), z)));
    const vec mixed = load(c.logits + v);
    const std::uint32_t earlier = (1U << (i - v)) - 1;
    place += static_cast<std::size_t>(__builtin_popcount((lanes_at_least(mixed, z) & earlier) |
                                                         (lanes_above(mixed, z) & ~earlier)));
    for (v += lanes; v < c.count; v += lanes)
      place += static_cast<std::size_t>(__builtin_popcount(lanes_above(load(c.logits + v), z)));
    if (place < wanted) ranked[place] = {c.tokens[i], c.logits[i]};
  }
  return c.count < wanted ? c.count : wanted;
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
