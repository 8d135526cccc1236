// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

template <class Row>
inline band xtc_of(const Row& row, std::size_t size, double threshold, float scale) noexcept {
  maxima m;
  find_maxima(row, size, 16, m);
  if (!(m.largest > -__builtin_inff() && m.largest < __builtin_inff())) return {};
  block_sums blocks;
  sum_blocks(row, size, m.largest, clean_weigher{{broadcast(m.largest), broadcast(scale)}}, blocks);
  const double cut = static_cast<double>(m.largest) +
                     __builtin_log2(threshold * blocks.total) / static_cast<double>(scale);
  truncation choices;
  if (cut > static_cast<double>(choices.threshold)) choices.threshold = static_cast<float>(cut);
  const last_kept last = find_last_kept(row, m, choices);
  if (last.count < 2) return {};
  return {truncation{}, last.logit, static_cast<std::uint32_t>(last.token)};
}

template <class Logit>
inline band xtc(isa, const Logit* logits, std::size_t size, double threshold,
                float scale) noexcept {
  return xtc_of(stored_row{logits}, size, threshold, scale);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
