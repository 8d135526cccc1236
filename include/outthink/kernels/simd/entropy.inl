// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

/// Partial sums of one strand. -inf has weight 0 and must not give 0 · -inf.
struct moment_strand {
  vec sum, first, second;

  [[gnu::always_inline]] void add(vec z, const weigher& w) noexcept {
    const vec t = w.exponents(z);
    const vec e = exp2(t);
    const vec finite = max(t, broadcast(-200.0F));
    const vec weighted = e * finite;
    sum += e;
    first += weighted;
    second = fma(weighted, finite, second);
  }
};

template <class Row>
inline detail::exponent_moments moments_of(const Row& row, std::size_t tokens,
                                           const weigher& w) noexcept {
  detail::exponent_moments m{0, 0, 0};
  for (std::size_t begin = 0; begin < tokens; begin += 1024) {
    const std::size_t end = begin + 1024 < tokens ? begin + 1024 : tokens;
    moment_strand a{}, b{};
    std::size_t i = begin;
    for (; i + 2 * lanes <= end; i += 2 * lanes) {
      a.add(row.at(i), w);
      b.add(row.at(i + lanes), w);
    }
    for (; i < end; i += lanes) a.add(vector_of(row, i, end), w);
    m.sum += static_cast<double>(fold(a.sum + b.sum));
    m.first += static_cast<double>(fold(a.first + b.first));
    m.second += static_cast<double>(fold(a.second + b.second));
  }
  return m;
}

template <class Logit>
inline detail::exponent_moments entropy(isa, const Logit* logits, std::size_t size) noexcept {
  const stored_row row{logits};
  const float early = early_reference(row, size);
  const vec scale = broadcast(detail::log2_of_e);
  detail::exponent_moments m{0, 0, 0};
  if (early > -__builtin_inff() && early < __builtin_inff())
    m = moments_of(row, size, {broadcast(early), scale});
  if (!trusted(m.sum)) {
    const float largest = largest_lane(largest_between(row, 0, size));
    if (largest == -__builtin_inff() && !any_nan(row, size))
      m = {1, 0, 0};
    else
      m = moments_of(row, size, {broadcast(largest), scale});
  }
  return m;
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
