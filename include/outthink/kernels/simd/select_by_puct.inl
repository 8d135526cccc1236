// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

inline void select_by_puct(isa, const puct_args& a) noexcept {
  best_lanes best = nothing_seen();
  ivec index = lane_indices();
  const vec absent = broadcast(-__builtin_inff());
  const vec unvisited = broadcast(a.unvisited_value);
  for (std::size_t i = 0; i < a.children; i += lanes) {
    const std::size_t count = a.children - i < lanes ? a.children - i : lanes;
    const vec n = load_visits(a.visits + i, count, 1);
    const vec value = count == lanes ? load(a.value_sums + i) : load_first(a.value_sums + i, count);
    const vec prior = count == lanes ? load(a.priors + i) : load_first(a.priors + i, count);
    const vec mean = n == 0.0F ? unvisited : value / n;
    const vec score = mean + prior * a.weight / (1.0F + n);
    const vec in_range = index < static_cast<std::int32_t>(a.children) ? score : absent;
    take_better(best, in_range, index);
    index += static_cast<std::int32_t>(lanes);
  }
  *a.chosen = best_index(best);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
