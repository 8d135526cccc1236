// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

/// Reference and sum such that reference + ln total is the result.
template <class Row>
inline detail::scaled_sum logsumexp_of(const Row& row, std::size_t size, float scale) noexcept {
  block_sums blocks;
  if (sum_row<false>(row, size, scale, blocks)) return {blocks.reference, blocks.total};
  const bool nan = any_nan(row, size) || blocks.reference != blocks.reference;
  return {blocks.reference, nan ? static_cast<double>(__builtin_nanf("")) : 1.0};
}

template <class Logit>
inline detail::scaled_sum logsumexp(isa, const Logit* logits, std::size_t size) noexcept {
  return logsumexp_of(stored_row{logits}, size, detail::log2_of_e);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
