// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

/// Writes the weights of one block and returns their sum.
template <class Logit>
inline float store_weights(const Logit* logits, float* weights, std::size_t size,
                           const weigher& w) noexcept {
  vec a{}, b{}, c{}, d{};
  std::size_t i = 0;
  for (; i + 4 * lanes <= size; i += 4 * lanes) {
    const vec e = w(load(logits + i));
    const vec f = w(load(logits + i + lanes));
    const vec g = w(load(logits + i + 2 * lanes));
    const vec h = w(load(logits + i + 3 * lanes));
    store(weights + i, e);
    store(weights + i + lanes, f);
    store(weights + i + 2 * lanes, g);
    store(weights + i + 3 * lanes, h);
    a += e;
    b += f;
    c += g;
    d += h;
  }
  for (; i < size; i += lanes) {
    const vec e = w(vector_of(stored_row{logits}, i, size));
    if (i + lanes <= size)
      store(weights + i, e);
    else
      store_first(weights + i, e, size - i);
    a += e;
  }
  return fold((a + b) + (c + d));
}

template <class Logit>
inline double store_all_weights(const Logit* logits, const detail::softmax_args& a,
                                float reference) noexcept {
  const weigher w{broadcast(reference), broadcast(a.scale)};
  double total = 0;
  for (std::size_t i = 0; i < a.size; i += 1024) {
    const std::size_t size = i + 1024 < a.size ? 1024 : a.size - i;
    total += static_cast<double>(store_weights(logits + i, a.probabilities + i, size, w));
  }
  return total;
}

inline void multiply_all(float* values, std::size_t size, float factor) noexcept {
  const vec f = broadcast(factor);
  std::size_t i = 0;
  for (; i + 4 * lanes <= size; i += 4 * lanes) {
    store(values + i, load(values + i) * f);
    store(values + i + lanes, load(values + i + lanes) * f);
    store(values + i + 2 * lanes, load(values + i + 2 * lanes) * f);
    store(values + i + 3 * lanes, load(values + i + 3 * lanes) * f);
  }
  for (; i < size; ++i) values[i] *= factor;
}

template <class Logit>
inline void softmax(isa, const Logit* logits, const detail::softmax_args& a) noexcept {
  const stored_row row{logits};
  const bool in_place = static_cast<const void*>(logits) == a.probabilities;
  const float early = early_reference(row, a.size);
  double total = 0;
  if (!in_place && early > -__builtin_inff() && early < __builtin_inff())
    total = store_all_weights(logits, a, early);
  if (!trusted(total)) {
    const float largest = largest_lane(largest_between(row, 0, a.size));
    const bool masked = largest == -__builtin_inff() && !any_nan(row, a.size);
    total = store_all_weights(logits, a, masked ? 0.0F : largest);
    if (masked) total = 1;
  }
  multiply_all(a.probabilities, a.size, static_cast<float>(1 / total));
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
