// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

inline std::size_t count_unmasked(const detail::row_args& a) noexcept {
  const std::size_t count = count_at_least(float_row{a.logits}, a.size, -__FLT_MAX__);
  leave();
  return count;
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
