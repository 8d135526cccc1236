// SPDX-License-Identifier: MIT
//
// The position of the largest of `size` values, by one target's operations.

namespace outthink::kernels::OUTTHINK_TARGET {

inline void find_best(isa, const outthink::test::best_index_args& a) noexcept {
  best_lanes best = nothing_seen();
  ivec index = lane_indices();
  for (std::size_t i = 0; i < a.size; i += lanes) {
    const std::size_t count = a.size - i < lanes ? a.size - i : lanes;
    float padded[lanes];
    for (std::size_t l = 0; l < lanes; ++l)
      padded[l] = l < count ? a.values[i + l] : -__builtin_inff();
    take_better(best, load(padded), index);
    index += static_cast<std::int32_t>(lanes);
    store(padded, load_visits(a.visits + i, count, 77));
    for (std::size_t l = 0; l < count; ++l) a.converted[i + l] = padded[l];
  }
  *a.chosen = best_index(best);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
