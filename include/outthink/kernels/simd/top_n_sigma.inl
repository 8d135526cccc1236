// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

struct deviation_strand {
  vec sum, squares, largest;
};

/// Adds a vector's finite logits and returns their lanes.
[[gnu::always_inline]] inline std::uint32_t add_deviations(deviation_strand& s, vec z, vec scale,
                                                           vec offset) noexcept {
  const std::uint32_t finite = lanes_equal(z - z, vec{});
  const vec d = select(finite, fma(z, scale, offset), vec{});
  s.sum += d;
  s.squares = fma(d, d, s.squares);
  s.largest = max(z, s.largest);
  return finite;
}

/// Sums over the first tokens of d = (z - centre) · scale.
template <class Row>
inline detail::deviation_sums deviations_of(const Row& row, std::size_t tokens, float centre,
                                            float scale) noexcept {
  const vec factor = broadcast(scale), offset = broadcast(-centre * scale);
  const vec lowest = broadcast(-__builtin_inff());
  detail::deviation_sums total{0, 0, 0, 0, scale};
  deviation_strand a{{}, {}, lowest}, b{{}, {}, lowest};
  for (std::size_t begin = 0; begin < tokens; begin += 1024) {
    const std::size_t end = begin + 1024 < tokens ? begin + 1024 : tokens;
    std::size_t i = begin;
    for (; i + 2 * lanes <= end; i += 2 * lanes) {
      const std::uint32_t in_a = add_deviations(a, row.at(i), factor, offset);
      const std::uint32_t in_b = add_deviations(b, row.at(i + lanes), factor, offset);
      total.count += static_cast<std::size_t>(__builtin_popcount(in_a | in_b << lanes));
    }
    for (; i < end; i += lanes)
      total.count += static_cast<std::size_t>(
          __builtin_popcount(add_deviations(a, vector_of(row, i, end), factor, offset)));
    total.sum += static_cast<double>(fold(a.sum + b.sum));
    total.squares += static_cast<double>(fold(a.squares + b.squares));
    a.sum = a.squares = b.sum = b.squares = vec{};
  }
  total.largest = largest_lane(max(a.largest, b.largest));
  return total;
}

template <class Logit>
inline detail::deviation_sums top_n_sigma(isa, const Logit* logits, std::size_t size) noexcept {
  constexpr float small = 0x1p-80F;  // squares of the largest floats do not overflow after it
  const stored_row row{logits};
  const detail::deviation_sums head = deviations_of(row, size < 256 ? size : 256, 0, small);
  const auto centre = static_cast<float>(
      head.count > 0 ? head.sum / static_cast<double>(head.count) / static_cast<double>(small) : 0);
  detail::deviation_sums total = deviations_of(row, size, centre, 1);
  if (!(total.squares < __builtin_inf())) total = deviations_of(row, size, centre, small);
  return total;
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
