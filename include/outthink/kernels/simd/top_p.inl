// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

/// Sums by block and the lanes' maxima of each block.
struct nucleus_blocks {
  block_sums sums;
  alignas(64) float maxima[detail::most_blocks * lanes];
};

template <class Row, class Weights>
inline void sum_and_maxima(const Row& row, std::size_t tokens, const Weights& w,
                           nucleus_blocks& blocks) noexcept {
  const std::size_t size = detail::block_size(tokens);
  blocks.sums.total = 0;
  std::size_t n = 0;
  for (std::size_t begin = 0; begin < tokens; begin += size, ++n) {
    const std::size_t end = begin + size < tokens ? begin + size : tokens;
    vec a{}, b{}, c = broadcast(-__builtin_inff()), d = c;
    std::size_t i = begin;
    for (; i + 2 * lanes <= end; i += 2 * lanes) {
      const vec y = row.at(i), z = row.at(i + lanes);
      a += w(y);
      b += w(z);
      c = max(y, c);
      d = max(z, d);
    }
    for (; i < end; i += lanes) {
      const vec z = vector_of(row, i, end);
      a += w(z);
      c = max(z, c);
    }
    store(blocks.maxima + n * lanes, max(c, d));
    blocks.sums.total += static_cast<double>(blocks.sums.sums[n] = fold(a + b));
  }
}

/// Mass between two tokens of the logits above x or, with Ties, equal to it.
template <bool Ties, class Row, class Weights>
inline double mass_above(const Row& row, std::size_t begin, std::size_t end, float x,
                         const Weights& w) noexcept {
  const vec v = broadcast(x);
  vec a{}, b{};
  std::size_t i = begin;
  for (; i + 2 * lanes <= end; i += 2 * lanes) {
    const vec y = row.at(i), z = row.at(i + lanes);
    a += select(Ties ? lanes_at_least(y, v) : lanes_above(y, v), w(y), vec{});
    b += select(Ties ? lanes_at_least(z, v) : lanes_above(z, v), w(z), vec{});
  }
  for (; i < end; i += lanes) {
    const vec z = vector_of(row, i, end);
    a += select(Ties ? lanes_at_least(z, v) : lanes_above(z, v), w(z), vec{});
  }
  return static_cast<double>(fold(a + b));
}

/// Whether the tokens ranked before `token` have less mass than `wanted`. Stops as soon as those
/// before have it, or those after leave no room for it.
template <class Row, class Weights>
inline bool in_nucleus(const Row& row, std::size_t tokens, const nucleus_blocks& blocks,
                       const Weights& w, std::size_t token, double wanted) noexcept {
  const std::size_t size = detail::block_size(tokens);
  const float x = row.one(token);
  const double spare = blocks.sums.total - wanted;
  double before = 0, after = 0;
  std::size_t n = 0;
  for (std::size_t begin = 0; begin < tokens; begin += size, ++n) {
    const std::size_t end = begin + size < tokens ? begin + size : tokens;
    double above = 0;
    if (lanes_at_least(load(blocks.maxima + n * lanes), broadcast(x)) != 0) {
      const std::size_t split = token < begin ? begin : token < end ? token : end;
      above = mass_above<true>(row, begin, split, x, w) + mass_above<false>(row, split, end, x, w);
    }
    before += above;
    after += static_cast<double>(blocks.sums.sums[n]) - above;
    if (before >= wanted) return false;
    if (after > spare) return true;
  }
  return before < wanted;
}

template <class Row>
inline truncation top_p_of(const Row& row, std::size_t size, double p, float scale) noexcept {
  const float largest = largest_lane(largest_between(row, 0, size));
  if (largest == __builtin_inff())
    return {largest, static_cast<std::uint32_t>(first_equal(row, 0, size, largest))};
  if (largest == -__builtin_inff() || p >= 1) return {};
  const weigher w{broadcast(largest), broadcast(scale)};
  const double total = reach(row, size, -__FLT_MAX__, w).mass;
  return nucleus(row, size, largest, p > 0 ? p * total : 0, w);
}

template <class Row, class Weights>
inline std::size_t draw_nucleus(const Row& row, std::size_t size, const nucleus_blocks& blocks,
                                const Weights& w, const detail::top_p_args& a) noexcept {
  const double wanted = a.p > 0 ? a.p * blocks.sums.total : 0;
  detail::uniforms next(a.uniform);
  for (int tries = 0; wanted > 0 && tries < 16; ++tries) {
    const std::size_t token = pick(row, size, w, blocks.sums, next());
    if (in_nucleus(row, size, blocks, w, token, wanted)) return token;
  }
  maxima m;
  find_maxima(row, size, 16, m);
  return draw_kept(row, m, top_p_of(row, size, a.p, a.scale), a.scale, next()).token;
}

template <class Row>
inline std::size_t top_p_draw_of(const Row& row, std::size_t size,
                                 const detail::top_p_args& a) noexcept {
  if (a.scale == 0 || a.p >= 1) return draw_of(row, size, a.scale, a.uniform);
  nucleus_blocks blocks;
  const float early = early_reference(row, size);
  if (early > -__builtin_inff() && early < __builtin_inff()) {
    const weigher w{broadcast(early), broadcast(a.scale)};
    sum_and_maxima(row, size, w, blocks);
    if (trusted(blocks.sums.total)) return draw_nucleus(row, size, blocks, w, a);
  }
  const float largest = largest_lane(largest_between(row, 0, size));
  if (!(largest > -__builtin_inff() && largest < __builtin_inff()))
    return draw_of(row, size, a.scale, a.uniform);
  const clean_weigher w{{broadcast(largest), broadcast(a.scale)}};
  sum_and_maxima(row, size, w, blocks);
  return draw_nucleus(row, size, blocks, w, a);
}

template <class Logit>
inline std::size_t top_p_draw(isa, const Logit* logits, std::size_t size,
                              const detail::top_p_args& a) noexcept {
  return top_p_draw_of(stored_row{logits}, size, a);
}

template <class Logit>
inline truncation top_p(isa, const Logit* logits, std::size_t size, double p,
                        float scale) noexcept {
  return top_p_of(stored_row{logits}, size, p, scale);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
