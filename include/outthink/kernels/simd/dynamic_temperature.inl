// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

template <class Logit>
inline std::size_t count_unmasked(isa, const Logit* logits, std::size_t size) noexcept {
  return count_at_least(stored_row{logits}, size, -__FLT_MAX__);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
