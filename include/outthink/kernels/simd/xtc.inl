// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

inline band xtc_of(const float_row& row, const detail::xtc_args& a) noexcept {
  maxima m;
  find_maxima(row, a.size, 16, m);
  if (!(m.largest > -__builtin_inff() && m.largest < __builtin_inff())) return {};
  block_sums blocks;
  sum_blocks(row, a.size, m.largest, clean_weigher{{broadcast(m.largest), broadcast(a.scale)}},
             blocks);
  const double cut = static_cast<double>(m.largest) +
                     __builtin_log2(a.threshold * blocks.total) / static_cast<double>(a.scale);
  truncation choices;
  if (cut > static_cast<double>(choices.threshold)) choices.threshold = static_cast<float>(cut);
  const last_kept last = find_last_kept(row, m, choices);
  if (last.count < 2) return {};
  return {truncation{}, last.logit, static_cast<std::uint32_t>(last.token)};
}

inline band xtc(isa, const detail::xtc_args& a) noexcept {
  return xtc_of(float_row{a.logits}, a);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
