// SPDX-License-Identifier: MIT
//
// The draw from what a truncation keeps of a row whose maxima are known: only groups with a kept
// token are weighed.

namespace outthink::kernels::OUTTHINK_TARGET {

/// Sums the weights of the kept tokens by group.
struct kept_sums {
  weigher w;
  std::size_t count = 0;
  vec sums[detail::most_groups];  // written up to count only: clearing them would cost a pass
  std::uint32_t groups[detail::most_groups];

  [[gnu::always_inline]] explicit kept_sums(const weigher& used) noexcept : w(used) {}
  [[gnu::always_inline]] void group(std::size_t g) noexcept {
    groups[count] = static_cast<std::uint32_t>(g);
    sums[count++] = vec{};
  }
  [[gnu::always_inline]] void operator()(std::size_t, std::uint32_t bits, vec z) noexcept {
    sums[count - 1] += select(bits, w(z), vec{});
  }
};

/// Walks the kept tokens of a group until their weights exceed the target.
struct kept_walk {
  weigher w;
  double target;
  std::size_t token = no_token;  ///< the one reached, or the last of positive weight
  float weight = 0;
  bool reached = false;

  [[gnu::always_inline]] void operator()(std::size_t i, std::uint32_t bits, vec z) noexcept {
    if (reached) return;
    float weights[lanes];
    store(weights, w(z));
    for (; bits != 0; bits &= bits - 1) {
      const auto lane = static_cast<std::size_t>(__builtin_ctz(bits));
      if (!(weights[lane] > 0)) continue;
      token = i + lane;
      weight = weights[lane];
      reached = static_cast<double>(weight) > target;
      if (reached) return;
      target -= static_cast<double>(weight);
    }
  }
};

/// Draws from the kept tokens by inverting their cumulative distribution in index order. The
/// largest logit must be finite and kept.
template <class Row>
inline detail::drawn draw_kept(const Row& row, const maxima& m, const truncation& kept, float scale,
                               double uniform) noexcept {
  const weigher w{broadcast(m.largest), broadcast(scale)};
  kept_sums sums(w);
  visit_kept(row, m, kept, sums);
  float weights[detail::most_groups];
  double total = 0;
  for (std::size_t i = 0; i < sums.count; ++i) {
    weights[i] = fold(sums.sums[i]);
    total += static_cast<double>(weights[i]);
  }
  double target = uniform * total;
  std::size_t chosen = 0, i = 0;
  for (; i < sums.count; ++i) {
    const auto weight = static_cast<double>(weights[i]);
    if (weight > 0) chosen = i;
    if (weight > target) break;
    target -= weight;
  }
  if (i == sums.count) target = __builtin_inf();  // rounding: the last kept token
  kept_walk walk{w, target};
  visit_kept(row, m, sums.groups[chosen], kept, walk);
  return {walk.token, static_cast<double>(walk.weight) / total};
}

/// The draw where the largest logit need not be finite, nor the scale positive.
template <class Row>
inline detail::drawn draw_kept_or_largest(const Row& row, const maxima& m, const truncation& kept,
                                          float scale, double uniform) noexcept {
  if (m.largest == -__builtin_inff()) return {no_token, 1};
  if (scale == 0 || m.largest == __builtin_inff()) return {first_largest(row, m), 1};
  return draw_kept(row, m, kept, scale, uniform);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
