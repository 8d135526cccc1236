// SPDX-License-Identifier: MIT
//
// One pass over a row that leaves the largest logits findable: lane-wise maxima of each group of
// tokens and of each cell of groups, without a horizontal reduction.

namespace outthink::kernels::OUTTHINK_TARGET {

struct maxima {
  alignas(64) float groups[detail::most_groups * lanes];
  alignas(64) float cells[detail::most_groups * lanes];
  std::size_t tokens;
  std::size_t group_size;
  std::size_t group_count;
  std::size_t groups_per_cell;
  std::size_t cell_count;
  float largest;  ///< -inf if the row is empty, all -inf or NaN
};

template <class Row>
inline void find_maxima(const Row& row, std::size_t tokens, std::size_t groups_per_cell,
                        maxima& m) noexcept {
  m.tokens = tokens;
  m.group_size = detail::group_size(tokens);
  m.group_count = 0;
  m.groups_per_cell = groups_per_cell;
  m.cell_count = 0;
  vec largest = broadcast(-__builtin_inff());
  for (std::size_t begin = 0; begin < tokens;) {
    vec cell = broadcast(-__builtin_inff());
    for (std::size_t g = 0; g < groups_per_cell && begin < tokens; ++g, begin += m.group_size) {
      const std::size_t end = begin + m.group_size < tokens ? begin + m.group_size : tokens;
      const vec group = largest_between(row, begin, end);
      store(m.groups + m.group_count++ * lanes, group);
      cell = max(group, cell);
    }
    store(m.cells + m.cell_count++ * lanes, cell);
    largest = max(cell, largest);
  }
  m.largest = largest_lane(largest);
}

/// Calls `visit(first token, lanes kept, logits)` for every vector of group g with a token that is
/// kept, in ascending order.
template <class Row, class Visitor>
[[gnu::always_inline]] inline void visit_kept(const Row& row, const maxima& m, std::size_t g,
                                              const truncation& kept, Visitor& visit) noexcept {
  const vec threshold = broadcast(kept.threshold);
  const std::size_t begin = g * m.group_size;
  const std::size_t end = begin + m.group_size < m.tokens ? begin + m.group_size : m.tokens;
  for (std::size_t i = begin; i < end; i += lanes) {
    const vec z = vector_of(row, i, end);
    std::uint32_t bits = lanes_at_least(z, threshold);
    if (bits == 0) continue;
    if (i + lanes > kept.last) {
      std::uint32_t equal = lanes_equal(z, threshold);
      if (i <= kept.last) equal &= ~0U << (kept.last - i) << 1;  // ties up to `last` stay
      bits &= ~equal;
      if (bits == 0) continue;
    }
    visit(i, bits, z);
  }
}

/// The same for all groups; calls `visit.group(g)` before the vectors of group g.
template <class Row, class Visitor>
[[gnu::always_inline]] inline void visit_kept(const Row& row, const maxima& m,
                                              const truncation& kept, Visitor& visit) noexcept {
  const vec threshold = broadcast(kept.threshold);
  for (std::size_t c = 0; c < m.cell_count; ++c) {
    if (lanes_at_least(load(m.cells + c * lanes), threshold) == 0) continue;
    const std::size_t first = c * m.groups_per_cell;
    const std::size_t past =
        first + m.groups_per_cell < m.group_count ? first + m.groups_per_cell : m.group_count;
    for (std::size_t g = first; g < past; ++g) {
      if (lanes_at_least(load(m.groups + g * lanes), threshold) == 0) continue;
      visit.group(g);
      visit_kept(row, m, g, kept, visit);
    }
  }
}

/// The first token with the largest logit; the maxima must be those of the row, not all -inf.
template <class Row>
inline std::size_t first_largest(const Row& row, const maxima& m) noexcept {
  const vec largest = broadcast(m.largest);
  std::size_t c = 0;
  while (lanes_equal(load(m.cells + c * lanes), largest) == 0) ++c;
  std::size_t g = c * m.groups_per_cell;
  while (lanes_equal(load(m.groups + g * lanes), largest) == 0) ++g;
  const std::size_t end = (g + 1) * m.group_size < m.tokens ? (g + 1) * m.group_size : m.tokens;
  return first_equal(row, g * m.group_size, end, m.largest);
}

/// Floats as integers of the same order: -0 below +0, -inf below all.
[[gnu::always_inline]] inline std::int32_t order_key(float x) noexcept {
  std::int32_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits ^ ((bits >> 31) & 0x7fffffff);
}
[[gnu::always_inline]] inline float float_of_key(std::int32_t key) noexcept {
  const std::int32_t bits = key ^ ((key >> 31) & 0x7fffffff);
  float x;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}

/// How many logits of a row are at least `value`, which is above -inf.
template <class Row>
[[gnu::always_inline]] inline std::size_t count_at_least(const Row& row, std::size_t size,
                                                         float value) noexcept {
  const vec v = broadcast(value);
  std::size_t n = 0;
  for (std::size_t i = 0; i < size; i += lanes)
    n += static_cast<std::size_t>(__builtin_popcount(lanes_at_least(vector_of(row, i, size), v)));
  return n;
}

/// How many logits of a row are above `value`.
template <class Row>
[[gnu::always_inline]] inline std::size_t count_above(const Row& row, std::size_t size,
                                                      float value) noexcept {
  const vec v = broadcast(value);
  std::size_t n = 0;
  for (std::size_t i = 0; i < size; i += lanes)
    n += static_cast<std::size_t>(__builtin_popcount(lanes_above(vector_of(row, i, size), v)));
  return n;
}

/// A value that at least `wanted` logits reach and, if ties allow, at most `wanted` + `slack`;
/// `low` if no more than `wanted` reach it. Bisection over the floats from `low` to `largest`, in
/// order.
template <class Row>
inline float reached_by(const Row& row, std::size_t size, std::size_t wanted, std::size_t slack,
                        float low, float largest) noexcept {
  if (!(largest > low)) return low;
  std::int64_t reached = order_key(low), missed = static_cast<std::int64_t>(order_key(largest)) + 1;
  while (missed - reached > 1) {
    const std::int64_t middle = reached + (missed - reached) / 2;
    const std::size_t n =
        count_at_least(row, size, float_of_key(static_cast<std::int32_t>(middle)));
    if (n < wanted) {
      missed = middle;
    } else {
      reached = middle;
      if (n <= wanted + slack) break;
    }
  }
  return float_of_key(static_cast<std::int32_t>(reached));
}

/// The smallest of the cells' lanes, or the lowest finite float if that is larger.
inline float smallest_cell(const maxima& m) noexcept {
  vec smallest = broadcast(__builtin_inff());
  for (std::size_t c = 0; c < m.cell_count; ++c)
    smallest = min(load(m.cells + c * lanes), smallest);
  const float low = -largest_lane(-smallest);
  return low > -__FLT_MAX__ ? low : -__FLT_MAX__;
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
