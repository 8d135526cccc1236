// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

template <class Logit>
inline void widen(isa, const Logit* logits, float* floats, std::size_t size) noexcept {
  const stored_row row{logits};
  std::size_t i = 0;
  for (; i + lanes <= size; i += lanes) store(floats + i, row.at(i));
  for (; i < size; ++i) floats[i] = row.one(i);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
