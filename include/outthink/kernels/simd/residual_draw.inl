// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

/// p - q.
struct difference_row {
  float_row p, q;

  [[gnu::always_inline]] vec at(std::size_t i) const noexcept { return p.at(i) - q.at(i); }
  [[gnu::always_inline]] vec first(std::size_t i, std::size_t count) const noexcept {
    return p.first(i, count) - q.first(i, count);  // NaN past the end, which has no weight
  }
};

/// A number is its own weight, 0 if it is negative or NaN.
struct positive_part {
  [[gnu::always_inline]] vec operator()(vec z) const noexcept { return max(z, vec{}); }
};

template <class Row>
inline std::size_t draw_positive(const Row& row, std::size_t size, double uniform) noexcept {
  block_sums blocks;
  sum_blocks(row, size, 0, positive_part{}, blocks);
  return blocks.total > 0 ? pick(row, size, positive_part{}, blocks, uniform) : no_token;
}

inline std::size_t residual_draw(isa, const detail::residual_args& a) noexcept {
  const float_row target{a.target};
  std::size_t token = draw_positive(difference_row{target, {a.draft}}, a.size, a.uniform);
  if (token == no_token) token = draw_positive(target, a.size, a.uniform);
  return token;
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
