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

template <class Logit>
inline std::size_t draw(isa, const Logit* logits, std::size_t size, float scale,
                        double uniform) noexcept {
  return draw_of(stored_row{logits}, size, scale, uniform);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
