// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

/// Bits that look random for every token and key.
[[gnu::always_inline]] inline uvec hash(uvec token, std::uint64_t key) noexcept {
  uvec x = token * 0x9e3779b9U ^ static_cast<std::uint32_t>(key);
  x = (x ^ (x >> 16)) * 0x7feb352dU + static_cast<std::uint32_t>(key >> 32);
  x = (x ^ (x >> 15)) * 0x846ca68bU;
  return x ^ (x >> 16);
}

/// -ln(1 - v) for v = (bits + ½) / 2³¹, with the relative precision of a float also for small v:
/// 1 - v is rounded to y, and what the rounding took is added to ln y.
/// Logarithm: Cephes' logf (S. Moshier, 1989).
[[gnu::always_inline]] inline vec exponential_of(uvec bits) noexcept {
  const vec v =
      __builtin_convertvector(reinterpret_cast<ivec>(bits >> 1), vec) * 0x1p-31F + 0x1p-33F;
  const vec y = 1.0F - v;
  const vec lost = (1.0F - y) - v;
  const ivec raw = reinterpret_cast<ivec>(y);
  const ivec exponent = (raw - 0x3f3504f3) >> 23;  // so that the mantissa is in [√½, √2)
  const vec f = reinterpret_cast<vec>(raw - (exponent << 23)) - 1.0F;
  const vec e = __builtin_convertvector(exponent, vec);
  vec p = broadcast(7.0376836292e-2F);
  p = fma(p, f, broadcast(-1.1514610310e-1F));
  p = fma(p, f, broadcast(1.1676998740e-1F));
  p = fma(p, f, broadcast(-1.2420140846e-1F));
  p = fma(p, f, broadcast(1.4249322787e-1F));
  p = fma(p, f, broadcast(-1.6668057665e-1F));
  p = fma(p, f, broadcast(2.0000714765e-1F));
  p = fma(p, f, broadcast(-2.4999993993e-1F));
  p = fma(p, f, broadcast(3.3333331174e-1F));
  const vec square = f * f;
  const vec ln = fma(p * f, square, fma(square, broadcast(-0.5F), f));
  return -(fma(e, broadcast(0.693147181F), ln) + lost);
}

template <class Row>
inline std::size_t gumbel_max_of(const Row& row, std::size_t size, float scale,
                                 std::uint64_t random) noexcept {
  const largest_logit top = argmax_of(row, size);
  if (top.logit == -__builtin_inff()) return no_token;
  if (scale == 0 || top.logit == __builtin_inff()) return top.token;
  const weigher w{broadcast(top.logit), broadcast(-scale)};  // e^(-z/T): -inf gives +inf
  vec best = broadcast(__builtin_inff());
  ivec where{};
  ivec token = lane_numbers();
  for (std::size_t i = 0; i < size; i += lanes) {
    const vec key =
        exponential_of(hash(reinterpret_cast<uvec>(token), random)) * w(vector_of(row, i, size));
    where = key < best ? token : where;
    best = key < best ? key : best;
    token += static_cast<std::int32_t>(lanes);
  }
  float keys[lanes];
  std::uint32_t tokens[lanes];
  store(keys, best);
  __builtin_memcpy(tokens, &where, sizeof tokens);
  std::size_t first = 0;
  for (std::size_t i = 1; i < lanes; ++i) {
    if (keys[i] < keys[first] || (keys[i] == keys[first] && tokens[i] < tokens[first])) first = i;
  }
  return keys[first] < __builtin_inff() ? tokens[first] : top.token;
}

template <class Logit>
inline std::size_t gumbel_max(isa, const Logit* logits, std::size_t size, float scale,
                              std::uint64_t key) noexcept {
  return gumbel_max_of(stored_row{logits}, size, scale, key);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
