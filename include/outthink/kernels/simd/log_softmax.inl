// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

inline void log_softmax(isa, const detail::log_softmax_args& a) noexcept {
  // In two parts, so that the subtraction rounds the result and not the normaliser.
  const auto upper = static_cast<float>(a.logsumexp);
  const double remainder = a.logsumexp - static_cast<double>(upper);
  const vec high = broadcast(upper);
  const vec low = broadcast(remainder == remainder ? static_cast<float>(remainder) : 0.0F);
  std::size_t i = 0;
  for (; i + lanes <= a.size; i += lanes) store(a.logprobs + i, (load(a.logits + i) - high) - low);
  if (i < a.size)
    store_first(a.logprobs + i, (load_first(a.logits + i, a.size - i) - high) - low, a.size - i);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
