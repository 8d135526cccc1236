// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

/// The float whose bits are z · slope + offset: 2ᵗ with the mantissa interpolated linearly, which
/// is never below 2ᵗ.
struct line_weights {
  vec slope;
  vec offset;

  [[gnu::always_inline]] vec operator()(vec z) const noexcept {
    const vec bits = max(fma(z, slope, offset), vec{});  // NaN gives 0
    return reinterpret_cast<vec>(__builtin_convertvector(bits, ivec));
  }
};

/// Room for the rounding of z · slope + offset, so that the line stays above the exponential.
inline constexpr float line_margin = 128;

/// Sums by block; returns the largest logit.
template <class Row>
inline float sum_lines(const Row& row, std::size_t tokens, const line_weights& w,
                       block_sums& blocks) noexcept {
  const std::size_t size = detail::block_size(tokens);
  vec largest = broadcast(-__builtin_inff()), other = largest;
  blocks.total = 0;
  float* sum = blocks.sums;
  for (std::size_t begin = 0; begin < tokens; begin += size, ++sum) {
    const std::size_t end = begin + size < tokens ? begin + size : tokens;
    vec a{}, b{};
    std::size_t i = begin;
    for (; i + 2 * lanes <= end; i += 2 * lanes) {
      const vec y = row.at(i), z = row.at(i + lanes);
      a += w(y);
      b += w(z);
      largest = max(y, largest);
      other = max(z, other);
    }
    for (; i < end; i += lanes) {
      const vec z = vector_of(row, i, end);
      a += w(z);
      largest = max(z, largest);
    }
    blocks.total += static_cast<double>(*sum = fold(a + b));
  }
  return largest_lane(max(largest, other));
}

template <class Row>
inline std::size_t draw_by_rejection_of(const Row& row, std::size_t size, float scale,
                                        double uniform) noexcept {
  const float early = early_reference(row, size);
  const float slope = scale * 0x1p23F;
  const float base = early * slope;
  if (!(slope > 0 && slope < 0x1p120F && base > -0x1p33F && base < 0x1p33F))
    return draw_of(row, size, scale, uniform);
  const float offset = 127 * 0x1p23F + line_margin - base;
  const line_weights w{broadcast(slope), broadcast(offset)};
  block_sums blocks;
  const float largest = sum_lines(row, size, w, blocks);
  if (!(largest * slope + offset < 0x1p31F * 0.99F && blocks.total > 0 && blocks.total < 0x1p120))
    return draw_of(row, size, scale, uniform);
  detail::uniforms next(uniform);
  for (;;) {
    const std::size_t token = pick(row, size, w, blocks, next());
    const float z = row.one(token);
    const double line = static_cast<double>(z) * static_cast<double>(slope) +
                        static_cast<double>(offset - line_margin);
    const vec exact = exp2(broadcast(static_cast<float>(line * 0x1p-23 - 127)));
    const vec bound = w(broadcast(z));
    if (next() * static_cast<double>(bound[0]) < static_cast<double>(exact[0])) return token;
  }
}

template <class Logit>
inline std::size_t draw_by_rejection(isa, const Logit* logits, std::size_t size, float scale,
                                     double uniform) noexcept {
  return draw_by_rejection_of(stored_row{logits}, size, scale, uniform);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
