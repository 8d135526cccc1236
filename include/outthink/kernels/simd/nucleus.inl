// SPDX-License-Identifier: MIT
//
// The truncations that need more than the largest logit: the k likeliest tokens for large k, and
// the smallest set of likeliest tokens with a given mass.

namespace outthink::kernels::OUTTHINK_TARGET {

/// A row of which a truncation keeps part; the other tokens are -inf.
template <class Row>
struct truncated_row {
  Row row;
  truncation kept;

  [[gnu::always_inline]] vec keep(std::size_t i, vec z) const noexcept {
    const vec threshold = broadcast(kept.threshold);
    std::uint32_t bits = lanes_above(z, threshold);
    if (i <= kept.last) {
      std::uint32_t equal = lanes_equal(z, threshold);
      if (i + lanes > kept.last) equal &= ~(~0U << (kept.last - i) << 1);
      bits |= equal;
    }
    return select(bits, z, broadcast(-__builtin_inff()));
  }
  [[gnu::always_inline]] vec at(std::size_t i) const noexcept { return keep(i, row.at(i)); }
  [[gnu::always_inline]] vec first(std::size_t i, std::size_t count) const noexcept {
    return keep(i, row.first(i, count));
  }
};

/// The nth token, from 1, whose logit equals `value`; there must be so many.
template <class Row>
inline std::uint32_t nth_equal(const Row& row, std::size_t size, float value,
                               std::size_t n) noexcept {
  for (std::size_t i = 0; i < size; i += lanes) {
    std::uint32_t bits = lanes_equal(vector_of(row, i, size), broadcast(value));
    const auto here = static_cast<std::size_t>(__builtin_popcount(bits));
    if (here < n) {
      n -= here;
      continue;
    }
    for (; n > 1; --n) bits &= bits - 1;
    return static_cast<std::uint32_t>(i) + static_cast<std::uint32_t>(__builtin_ctz(bits));
  }
  return ~0U;
}

/// The truncation that keeps the `wanted` largest logits, or all above -inf if they are fewer.
template <class Row>
inline truncation keep_largest(const Row& row, std::size_t size, std::size_t wanted,
                               float largest) noexcept {
  truncation kept;
  kept.threshold = reached_by(row, size, wanted, 0, kept.threshold, largest);
  if (count_at_least(row, size, kept.threshold) <= wanted) return kept;
  kept.last = nth_equal(row, size, kept.threshold, wanted - count_above(row, size, kept.threshold));
  return kept;
}

/// Mass and number of the logits that reach a value.
struct reaching {
  double mass;
  std::size_t count;
};

template <class Row>
inline reaching reach(const Row& row, std::size_t size, float value, const weigher& w) noexcept {
  const vec v = broadcast(value);
  reaching r{0, 0};
  for (std::size_t begin = 0; begin < size; begin += 1024) {
    const std::size_t end = begin + 1024 < size ? begin + 1024 : size;
    vec a{}, b{};
    std::size_t i = begin;
    for (; i + 2 * lanes <= end; i += 2 * lanes) {
      const vec y = row.at(i), z = row.at(i + lanes);
      const std::uint32_t above_y = lanes_at_least(y, v), above_z = lanes_at_least(z, v);
      a += select(above_y, w(y), vec{});
      b += select(above_z, w(z), vec{});
      r.count += static_cast<std::size_t>(__builtin_popcount(above_y | above_z << lanes));
    }
    for (; i < end; i += lanes) {
      const vec z = vector_of(row, i, end);
      const std::uint32_t above = lanes_at_least(z, v);
      a += select(above, w(z), vec{});
      r.count += static_cast<std::size_t>(__builtin_popcount(above));
    }
    r.mass += static_cast<double>(fold(a + b));
  }
  return r;
}

/// The truncation within [low, high), which holds few tokens, at which the mass reaches `wanted`;
/// tokens from `high` on have `mass`.
template <class Row>
inline truncation finish_nucleus(const Row& row, std::size_t size, float low, float high,
                                 double mass, double wanted, const weigher& w) noexcept {
  candidates c;
  c.count = 0;
  for (std::size_t i = 0; i < size; i += lanes) {
    const vec z = vector_of(row, i, size);
    const std::uint32_t bits =
        lanes_at_least(z, broadcast(low)) & ~lanes_at_least(z, broadcast(high));
    if (bits == 0) continue;
    store_selected(c.logits + c.count, z, bits);
    store_numbers(c.tokens + c.count, static_cast<std::uint32_t>(i), bits);
    c.count += static_cast<std::size_t>(__builtin_popcount(bits));
  }
  token_logit ranked[detail::most_ranked];
  ranked[0] = {0, low};
  const std::size_t n = rank(c, detail::most_ranked, ranked);
  std::size_t i = 0;
  for (; i + 1 < n; ++i) {
    mass += static_cast<double>(w(broadcast(ranked[i].logit))[0]);
    if (mass >= wanted) break;
  }
  return {ranked[i].logit, ranked[i].token};
}

/// The smallest set of likeliest tokens with a mass of at least `wanted`. The largest logit must be
/// finite, and `wanted` at most the mass of the row.
template <class Row>
inline truncation nucleus(const Row& row, std::size_t size, float largest, double wanted,
                          const weigher& w) noexcept {
  float low = -__FLT_MAX__;
  std::int64_t low_key = order_key(low);
  std::int64_t high_key = static_cast<std::int64_t>(order_key(largest)) + 1;
  float high = float_of_key(static_cast<std::int32_t>(high_key));
  reaching at_low{0, size}, at_high{0, 0};
  float step = 8 / w.scale[0];  // the first guess: 2^-8 of the largest weight
  while (at_low.count - at_high.count > 256 && high_key - low_key > 1) {
    float middle = low == -__FLT_MAX__ ? largest - step : low + (high - low) / 2;
    step *= 2;
    if (!(middle > low && middle < high))
      middle = float_of_key(static_cast<std::int32_t>(low_key + (high_key - low_key) / 2));
    const reaching r = reach(row, size, middle, w);
    if (r.mass >= wanted) {
      low = middle;
      low_key = order_key(low);
      at_low = r;
    } else {
      high = middle;
      high_key = order_key(high);
      at_high = r;
    }
  }
  if (at_low.count - at_high.count <= 256)
    return finish_nucleus(row, size, low, high, at_high.mass, wanted, w);
  // Only ties are left.
  const std::size_t ties = at_low.count - at_high.count;
  const double needed = (wanted - at_high.mass) / static_cast<double>(w(broadcast(low))[0]);
  std::size_t n = needed > 1 ? static_cast<std::size_t>(__builtin_ceil(needed)) : 1;
  if (!(needed < static_cast<double>(ties))) n = ties;
  return {low, nth_equal(row, size, low, n)};
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
