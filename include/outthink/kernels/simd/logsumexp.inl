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

inline detail::scaled_sum logsumexp(isa, const detail::row_args& a) noexcept {
  return logsumexp_of(float_row{a.logits}, a.size, detail::log2_of_e);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
