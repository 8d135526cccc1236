// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

template <class Row>
inline std::size_t draw_of(const Row& row, std::size_t size, float scale, double uniform) noexcept {
  if (scale == 0) {
    const largest_logit largest = argmax_of(row, size);
    return largest.logit > -__builtin_inff() ? largest.token : no_token;
  }
  block_sums blocks;
  if (sum_row<true>(row, size, scale, blocks)) {
    const weigher w{broadcast(blocks.reference), broadcast(scale)};
    return pick(row, size, clean_weigher{w}, blocks, uniform);
  }
  return blocks.reference > 0 ? first_equal(row, 0, size, blocks.reference) : no_token;
}

inline std::size_t draw(isa, const detail::draw_args& a) noexcept {
  return draw_of(float_row{a.logits}, a.size, a.scale, a.uniform);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
