// SPDX-License-Identifier: MIT
//
// Weights 2^((z - reference) · scale) of a row's logits, summed block by block, and the inverse of
// their cumulative distribution. The reference need not be the largest logit: any that lies within
// 2³² of the weights' sum serves, so that the first tokens' maximum saves a pass over the row.

namespace outthink::kernels::OUTTHINK_TARGET {

struct weigher {
  vec reference;
  vec scale;

  [[gnu::always_inline]] vec exponents(vec z) const noexcept { return (z - reference) * scale; }
  [[gnu::always_inline]] vec operator()(vec z) const noexcept { return exp2(exponents(z)); }
};

/// The same, 0 for NaN.
struct clean_weigher {
  weigher weights;

  [[gnu::always_inline]] vec operator()(vec z) const noexcept { return max(weights(z), vec{}); }
};

/// Four partial sums hide the latency of the addition.
template <class Row, class Weights>
[[gnu::always_inline]] inline float sum_between(const Row& row, std::size_t begin, std::size_t end,
                                                const Weights& w) noexcept {
  vec a{}, b{}, c{}, d{};
  std::size_t i = begin;
  for (; i + 4 * lanes <= end; i += 4 * lanes) {
    a += w(row.at(i));
    b += w(row.at(i + lanes));
    c += w(row.at(i + 2 * lanes));
    d += w(row.at(i + 3 * lanes));
  }
  for (; i < end; i += lanes) a += w(vector_of(row, i, end));
  return fold((a + b) + (c + d));
}

struct block_sums {
  float sums[detail::most_blocks];
  double total;
  float reference;
};

template <class Row, class Weights>
inline void sum_blocks(const Row& row, std::size_t tokens, float reference, const Weights& w,
                       block_sums& blocks) noexcept {
  const std::size_t size = detail::block_size(tokens);
  blocks.reference = reference;
  blocks.total = 0;
  float* sum = blocks.sums;
  for (std::size_t begin = 0; begin < tokens; begin += size, ++sum) {
    *sum = sum_between(row, begin, begin + size < tokens ? begin + size : tokens, w);
    blocks.total += static_cast<double>(*sum);
  }
}

/// The largest of the first tokens: a reference that costs nothing.
template <class Row>
inline float early_reference(const Row& row, std::size_t tokens) noexcept {
  return largest_lane(largest_between(row, 0, tokens < 256 ? tokens : 256));
}

/// Whether sums with an early reference are good: neither overflowed nor so large that exponents
/// lost precision, nor NaN.
[[gnu::always_inline]] inline bool trusted(double total) noexcept {
  return total > 0 && total < 0x1p32;
}

/// Sums with a reference that serves. False if the largest logit is not finite, as in a row that is
/// masked; `blocks.reference` is that logit then. With Clean, NaN counts as -inf.
template <bool Clean, class Row>
inline bool sum_row(const Row& row, std::size_t tokens, float scale, block_sums& blocks) noexcept {
  const float early = early_reference(row, tokens);
  if (early > -__builtin_inff() && early < __builtin_inff()) {
    sum_blocks(row, tokens, early, weigher{broadcast(early), broadcast(scale)}, blocks);
    if (trusted(blocks.total)) return true;
  }
  const float largest = largest_lane(largest_between(row, 0, tokens));
  blocks.reference = largest;
  if (!(largest > -__builtin_inff() && largest < __builtin_inff())) return false;
  const weigher w{broadcast(largest), broadcast(scale)};
  if constexpr (Clean)
    sum_blocks(row, tokens, largest, clean_weigher{w}, blocks);
  else
    sum_blocks(row, tokens, largest, w, blocks);
  return true;
}

/// Whether any logit is NaN.
template <class Row>
inline bool any_nan(const Row& row, std::size_t tokens) noexcept {
  std::uint32_t numbers = all_lanes;
  for (std::size_t i = 0; i < tokens; i += lanes) {
    const vec z = vector_of(row, i, tokens);
    numbers &= lanes_equal(z, z);
  }
  // g++ 12 spills a mask of 16 bits and reads 32 back: only the lanes' bits count.
  return (numbers & all_lanes) != all_lanes;
}

/// The first of up to 64 tokens at which the cumulative weight exceeds `target`, which is reduced
/// by the weights before it; `end` if there is none. `last` becomes the last token of positive
/// weight.
template <class Row, class Weights>
inline std::size_t pick_within(const Row& row, std::size_t begin, std::size_t end, const Weights& w,
                               double& target, std::size_t& last) noexcept {
  float weights[64];
  vec sum{};
  for (std::size_t i = begin; i < end; i += lanes) {
    const vec e = w(vector_of(row, i, end));
    store(weights + (i - begin), e);
    sum += e;
  }
  const auto all = static_cast<double>(fold(sum));
  if (all <= target && end - begin == 64) {
    for (std::size_t i = 0; all > 0 && i < 64; ++i) last = weights[i] > 0 ? begin + i : last;
    target -= all;
    return end;
  }
  for (std::size_t i = begin; i < end; ++i) {
    const auto weight = static_cast<double>(weights[i - begin]);
    if (weight > 0) last = i;
    if (weight > target) return i;
    target -= weight;
  }
  return end;
}

/// The token at which the cumulative weight exceeds `uniform` of the total.
template <class Row, class Weights>
inline std::size_t pick(const Row& row, std::size_t tokens, const Weights& w,
                        const block_sums& blocks, double uniform) noexcept {
  const std::size_t size = detail::block_size(tokens);
  double target = uniform * blocks.total;
  std::size_t begin = 0, chosen = 0;
  for (const float* sum = blocks.sums; begin < tokens; begin += size, ++sum) {
    const auto weight = static_cast<double>(*sum);
    if (weight > 0) chosen = begin;
    if (weight > target) break;
    target -= weight;
  }
  if (begin >= tokens) target = __builtin_inf();  // rounding: the last token of the last block
  const std::size_t end = chosen + size < tokens ? chosen + size : tokens;
  std::size_t last = chosen;
  for (std::size_t i = chosen; i < end; i += 64) {
    const std::size_t past = i + 64 < end ? i + 64 : end;
    const std::size_t token = pick_within(row, i, past, w, target, last);
    if (token < past) return token;
  }
  return last;
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
