// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

[[gnu::always_inline]] inline vec gated(vec gate, vec up) noexcept {
  return gate / (exp(-gate) + 1.0F) * up;
}

inline void swiglu(isa, const swiglu_args& a) noexcept {
  for (std::size_t r = 0; r < a.rows; ++r) {
    const float* const gate = a.gate_up + r * a.input_stride;
    const float* const up = gate + a.size;
    float* const out = a.output + r * a.output_stride;
    std::size_t i = 0;
    for (; i + lanes <= a.size; i += lanes) store(out + i, gated(load(gate + i), load(up + i)));
    if (i < a.size) {
      const std::size_t rest = a.size - i;
      store_first(out + i, gated(load_first(gate + i, rest), load_first(up + i, rest)), rest);
    }
  }
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
