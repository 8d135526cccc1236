// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

template <class Row>
inline std::size_t draw_floor(const Row& row, const detail::draw_kept_args& a) noexcept {
  if (a.kept.floor == truncation{}) return draw_of(row, a.size, a.scale, a.uniform);
  maxima m;
  find_maxima(row, a.size, 16, m);
  if (m.largest == -__builtin_inff()) return no_token;
  // The head of the ranking is kept, or nothing.
  if (!a.kept.floor.keeps(m.largest, first_largest(row, m))) return no_token;
  return draw_kept_or_largest(row, m, a.kept.floor, a.scale, a.uniform).token;
}

template <class Logit>
inline std::size_t draw_band(isa, const Logit* logits, const detail::draw_kept_args& a) noexcept {
  const stored_row row{logits};
  if (a.kept.ceiling < __builtin_inff() || a.kept.first > 0)
    return draw_floor(lower_row<stored_row<Logit>>{row, a.kept.ceiling, a.kept.first}, a);
  return draw_floor(row, a);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
