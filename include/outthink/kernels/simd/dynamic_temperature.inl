// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

inline std::size_t count_unmasked(isa, const detail::row_args& a) noexcept {
  return count_at_least(float_row{a.logits}, a.size, -__FLT_MAX__);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
