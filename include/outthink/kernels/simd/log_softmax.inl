// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

template <class Logit>
inline void log_softmax(isa, const Logit* logits, float* logprobs, std::size_t size,
                        double normaliser) noexcept {
  const stored_row row{logits};
  // In two parts, so that the subtraction rounds the result and not the normaliser.
  const auto upper = static_cast<float>(normaliser);
  const double remainder = normaliser - static_cast<double>(upper);
  const vec high = broadcast(upper);
  const vec low = broadcast(remainder == remainder ? static_cast<float>(remainder) : 0.0F);
  std::size_t i = 0;
  for (; i + lanes <= size; i += lanes) store(logprobs + i, (row.at(i) - high) - low);
  if (i < size) store_first(logprobs + i, (row.first(i, size - i) - high) - low, size - i);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
