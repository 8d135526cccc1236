// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

/// Exchanges each even lane with the odd one after it.
[[gnu::always_inline]] inline vec swap_neighbours(vec v) noexcept {
#if OUTTHINK_LANES == 16
  return __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
#elif OUTTHINK_LANES == 8
  return __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6);
#else
  return __builtin_shufflevector(v, v, 1, 0, 3, 2);
#endif
}

inline void rotate_pairs(isa, const rotate_pairs_args& a) noexcept {
  for (std::size_t h = 0; h < a.heads; ++h) {
    float* const x = a.vectors + h * a.head_dim;
    std::size_t i = 0;
    for (; i + lanes <= a.rotated; i += lanes) {
      const vec v = load(x + i);
      store(x + i, fma(swap_neighbours(v), load(a.sines + i), v * load(a.cosines + i)));
    }
    if (i < a.rotated) {
      const std::size_t rest = a.rotated - i;
      const vec v = load_first(x + i, rest);
      const vec turned = fma(swap_neighbours(v), load_first(a.sines + i, rest),
                             v * load_first(a.cosines + i, rest));
      store_first(x + i, turned, rest);
    }
  }
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
