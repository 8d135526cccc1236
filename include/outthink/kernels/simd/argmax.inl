// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

template <class Row>
inline largest_logit argmax_of(const Row& row, std::size_t size) noexcept {
  maxima m;
  find_maxima(row, size, 16, m);
  std::size_t token = no_token;
  if (m.largest > -__builtin_inff()) {
    token = first_largest(row, m);
  } else {
    const std::size_t first = first_equal(row, 0, size, m.largest);
    if (first < size) token = first;
  }
  return {token, m.largest};
}

template <class Logit>
inline largest_logit argmax(isa, const Logit* logits, std::size_t size) noexcept {
  return argmax_of(stored_row{logits}, size);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
