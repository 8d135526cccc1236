// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

/// The logits from `low` to `high`, and what they hold.
struct interval {
  float low;
  float high;
  reaching inside;
};

/// The logits at most `distance` from a centre, which is finite.
inline interval around(double centre, double distance) noexcept {
  const double lowest = -static_cast<double>(__FLT_MAX__);
  const double low = centre - distance, high = centre + distance;
  return {static_cast<float>(low > lowest ? low : lowest),
          static_cast<float>(high < -lowest ? high : -lowest),
          {0, 0}};
}

/// Whether the outer interval exceeds the inner one by no more than a float on either side.
inline bool only_edges_left(const interval& inner, const interval& outer) noexcept {
  return static_cast<std::int64_t>(order_key(inner.low)) - order_key(outer.low) <= 1 &&
         static_cast<std::int64_t>(order_key(outer.high)) - order_key(inner.high) <= 1;
}

/// Takes tokens by their distance from the centre out of those that are in the outer interval and
/// not in the inner one, until there is enough mass. They must be few.
template <class Row>
inline band take_nearest(const Row& row, std::size_t size, const interval& inner,
                         const interval& outer, double centre, double wanted,
                         const weigher& w) noexcept {
  candidates c;
  c.count = 0;
  for (std::size_t i = 0; i < size; i += lanes) {
    const vec z = vector_of(row, i, size);
    const std::uint32_t bits =
        lanes_at_least(z, broadcast(outer.low)) & lanes_at_least(broadcast(outer.high), z) &
        (lanes_above(broadcast(inner.low), z) | lanes_above(z, broadcast(inner.high)));
    if (bits == 0) continue;
    store_selected(c.logits + c.count, z, bits);
    store_numbers(c.tokens + c.count, static_cast<std::uint32_t>(i), bits);
    c.count += static_cast<std::size_t>(__builtin_popcount(bits));
  }
  token_logit ranked[detail::most_ranked];
  const std::size_t count = rank(c, detail::most_ranked, ranked);
  std::size_t top = 0;  // those above the inner interval come first
  while (top < count && ranked[top].logit > inner.high) ++top;
  band kept{{inner.low, ~0U}, inner.high, 0};
  double mass = inner.inside.mass;
  for (std::size_t low = top; mass < wanted && (top > 0 || low < count);) {
    const bool above =
        top > 0 && (low == count || static_cast<double>(ranked[top - 1].logit) - centre <=
                                        centre - static_cast<double>(ranked[low].logit));
    const token_logit& next = above ? ranked[--top] : ranked[low++];
    if (above)
      kept.ceiling = next.logit, kept.first = next.token;
    else
      kept.floor = {next.logit, next.token};
    mass += static_cast<double>(w(broadcast(next.logit))[0]);
  }
  return kept;
}

/// How many of `count` tokens of one weight have a mass.
inline std::size_t tokens_for(double mass, double weight, std::size_t count) noexcept {
  if (!(mass > 0)) return 0;
  const double needed = __builtin_ceil(mass / weight);
  return needed < static_cast<double>(count) ? static_cast<std::size_t>(needed) : count;
}

/// The same where many tokens are left, those on either side of the centre equal to each other.
template <class Row>
inline band take_equal(const Row& row, std::size_t size, const interval& inner,
                       const interval& outer, double centre, double wanted, const weigher& w,
                       float largest) noexcept {
  const std::size_t before_top = count_above(row, size, inner.high);
  const std::size_t before_low = count_at_least(row, size, inner.low);
  const std::size_t top = before_top - count_above(row, size, outer.high);
  const std::size_t low = count_at_least(row, size, outer.low) - before_low;
  const auto top_weight = static_cast<double>(w(broadcast(outer.high))[0]);
  const auto low_weight = static_cast<double>(w(broadcast(outer.low))[0]);
  const double mass = wanted - inner.inside.mass;
  std::size_t from_top = 0, from_low = 0;
  if (static_cast<double>(outer.high) - centre <= centre - static_cast<double>(outer.low)) {
    from_top = tokens_for(mass, top_weight, top);
    from_low = tokens_for(mass - static_cast<double>(from_top) * top_weight, low_weight, low);
  } else {
    from_low = tokens_for(mass, low_weight, low);
    from_top = tokens_for(mass - static_cast<double>(from_low) * low_weight, top_weight, top);
  }
  band kept{{inner.low, ~0U}, inner.high, 0};
  if (from_low > 0) kept.floor = keep_largest(row, size, before_low + from_low, largest);
  if (from_top > 0) {
    maxima m;
    find_maxima(row, size, 16, m);
    const std::size_t rank_of_first = before_top - from_top + 1;
    const last_kept first = find_last_kept(row, m, keep_largest(row, size, rank_of_first, largest));
    kept.ceiling = first.logit;
    kept.first = static_cast<std::uint32_t>(first.token);
  }
  return kept;
}

/// Narrows the gap between an interval with too little mass and one with enough, until few tokens
/// are in it, or equal ones alone.
template <class Row>
inline void close_in(const Row& row, std::size_t size, double centre, double step, double wanted,
                     const weigher& w, interval& inner, interval& outer) noexcept {
  double near = 0, far = __builtin_inf();
  while (outer.inside.count - inner.inside.count > 256 && !only_edges_left(inner, outer)) {
    const double distance = far < __builtin_inf() ? near + (far - near) / 2 : near + step;
    step *= 2;
    if (!(distance > near && distance < far)) return;
    interval tried = around(centre, distance);
    const bool as_inner = tried.low == inner.low && tried.high == inner.high;
    const bool as_outer = tried.low == outer.low && tried.high == outer.high;
    if (!as_inner && !as_outer)
      tried.inside = reach(lower_row<Row>{row, tried.high}, size, tried.low, w);
    if (as_outer || (!as_inner && tried.inside.mass >= wanted)) {
      far = distance;
      if (!as_outer) outer = tried;
    } else {
      near = distance;
      if (!as_inner) inner = tried;
    }
  }
}

template <class Row>
inline band typical_of(const Row& row, std::size_t size, double p, float scale) noexcept {
  const float largest = largest_lane(largest_between(row, 0, size));
  if (largest == __builtin_inff()) {
    const std::size_t token = first_equal(row, 0, size, largest);
    return {{largest, static_cast<std::uint32_t>(token)}, largest, 0};
  }
  if (largest == -__builtin_inff() || p >= 1) return {};
  const weigher w{broadcast(largest), broadcast(scale)};
  const auto unit = 1 / static_cast<double>(scale);
  const lower_row<Row> numbers{row, __builtin_inff()};
  const detail::exponent_moments m = moments_of(numbers, size, w);
  const double mean = m.first / m.sum, variance = m.second / m.sum - mean * mean;
  const double centre = static_cast<double>(largest) + mean * unit;

  interval outer{-__FLT_MAX__, largest, reach(row, size, -__FLT_MAX__, w)};
  const double wanted = p > 0 ? p * outer.inside.mass : 0x1p-1000;  // one token has more
  float middle = static_cast<float>(centre);
  if (middle == 0) middle = 0;  // not -0, which has +0 above it
  interval inner{float_of_key(order_key(middle) + 1), middle, {0, 0}};
  const double step = (0.03 + (variance > 0 ? __builtin_sqrt(variance) : 0)) * unit;
  close_in(row, size, centre, step, wanted, w, inner, outer);
  return outer.inside.count - inner.inside.count <= 256
             ? take_nearest(row, size, inner, outer, centre, wanted, w)
             : take_equal(row, size, inner, outer, centre, wanted, w, largest);
}

template <class Logit>
inline band typical(isa, const Logit* logits, std::size_t size, double p, float scale) noexcept {
  return typical_of(stored_row{logits}, size, p, scale);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
