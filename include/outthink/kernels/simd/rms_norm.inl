// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

/// 1 / √(mean square + ε) of one row, summed lane by lane in ascending order.
inline float inverse_rms(const float* row, std::size_t size, float epsilon) noexcept {
  vec squares{};
  std::size_t i = 0;
  for (; i + lanes <= size; i += lanes) {
    const vec x = load(row + i);
    squares = fma(x, x, squares);
  }
  if (i < size) {
    const vec x = load_first(row + i, size - i);
    squares = fma(x, x, squares);
  }
  const float mean = sum_of_lanes(squares) / static_cast<float>(size);
  return 1.0F / __builtin_sqrtf(mean + epsilon);
}

inline void rms_norm(isa, const rms_norm_args& a) noexcept {
  for (std::size_t r = 0; r < a.rows; ++r) {
    const float* const in = a.input + r * a.input_stride;
    float* const out = a.output + r * a.output_stride;
    const float factor = inverse_rms(in, a.size, a.epsilon);
    std::size_t i = 0;
    for (; i + lanes <= a.size; i += lanes)
      store(out + i, load(in + i) * factor * load(a.weight + i));
    if (i < a.size) {
      const std::size_t rest = a.size - i;
      store_first(out + i, load_first(in + i, rest) * factor * load_first(a.weight + i, rest),
                  rest);
    }
  }
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
