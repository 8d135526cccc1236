// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

template <class Logit>
inline std::size_t min_p_draw(isa, const Logit* logits, const detail::min_p_args& a) noexcept {
  const stored_row row{logits};
  maxima m;
  find_maxima(row, a.size, 16, m);
  const double cut = static_cast<double>(m.largest) + a.distance;
  truncation kept;
  if (cut > static_cast<double>(kept.threshold)) kept.threshold = static_cast<float>(cut);
  return draw_kept_or_largest(row, m, kept, a.scale, a.uniform).token;
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
