// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

/// √x, correctly rounded. The standard function is not vectorised: it may have to set errno.
[[gnu::always_inline]] inline vec square_root(vec x) noexcept {
#if OUTTHINK_LANES == 16 && defined(__clang__)
  return __builtin_ia32_sqrtps512(x, 4);
#elif OUTTHINK_LANES == 16
  return __builtin_ia32_sqrtps512_mask(x, x, static_cast<unsigned short>(0xffff), 4);
#elif OUTTHINK_LANES == 8
  return __builtin_ia32_sqrtps256(x);
#elif defined(__x86_64__)
  return __builtin_ia32_sqrtps(x);
#else
  for (std::size_t i = 0; i < lanes; ++i) x[i] = __builtin_sqrtf(x[i]);
  return x;
#endif
}

inline void select_by_uct(isa, const uct_args& a) noexcept {
  best_lanes best = nothing_seen();
  ivec index = lane_indices();
  const vec unvisited = broadcast(__builtin_inff());
  for (std::size_t i = 0; i < a.children; i += lanes) {
    const std::size_t count = a.children - i < lanes ? a.children - i : lanes;
    const vec n = load_visits(a.visits + i, count, 1);
    const vec value = count == lanes ? load(a.value_sums + i) : load_first(a.value_sums + i, count);
    // Q/n + c √(ln N / n) with one division instead of two.
    const vec bonus = square_root(a.log_parent_visits * n) * a.exploration;
    const vec score = n == 0.0F ? unvisited : (value + bonus) / n;
    // Minus infinity displaces nothing: lanes past the last child are never chosen.
    const vec in_range = index < static_cast<std::int32_t>(a.children) ? score : -unvisited;
    take_better(best, in_range, index);
    index += static_cast<std::int32_t>(lanes);
  }
  *a.chosen = best_index(best);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
