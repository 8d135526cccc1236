// SPDX-License-Identifier: MIT
//
// Rows and tokens at the edges of a band.

namespace outthink::kernels::OUTTHINK_TARGET {

/// A row without its likeliest tokens: only logits below `ceiling` count, and of those that equal
/// it the tokens from `first` on; the others, and NaN, are -inf.
template <class Row>
struct lower_row {
  Row row;
  float ceiling;
  std::size_t first_token = 0;

  [[gnu::always_inline]] vec keep(std::size_t i, vec z) const noexcept {
    const vec edge = broadcast(ceiling);
    std::uint32_t bits = lanes_above(edge, z);
    if (i + lanes > first_token) {
      std::uint32_t equal = lanes_equal(z, edge);
      if (i < first_token) equal &= ~0U << (first_token - i);
      bits |= equal;
    }
    return select(bits, z, broadcast(-__builtin_inff()));
  }
  [[gnu::always_inline]] vec at(std::size_t i) const noexcept { return keep(i, row.at(i)); }
  [[gnu::always_inline]] vec first(std::size_t i, std::size_t count) const noexcept {
    return keep(i, row.first(i, count));
  }
};

/// The token of a truncation that ranks last: the smallest logit, of equal ones the highest token.
struct last_kept {
  float logit = __builtin_inff();
  std::size_t token = 0;
  std::size_t count = 0;  ///< of all tokens kept

  [[gnu::always_inline]] void group(std::size_t) const noexcept {}
  [[gnu::always_inline]] void operator()(std::size_t i, std::uint32_t bits, vec z) noexcept {
    float logits[lanes];
    store(logits, z);
    for (; bits != 0; bits &= bits - 1) {
      const auto lane = static_cast<std::size_t>(__builtin_ctz(bits));
      ++count;
      if (logits[lane] > logit) continue;
      logit = logits[lane];
      token = i + lane;
    }
  }
};

template <class Row>
inline last_kept find_last_kept(const Row& row, const maxima& m, const truncation& kept) noexcept {
  last_kept last;
  visit_kept(row, m, kept, last);
  return last;
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
