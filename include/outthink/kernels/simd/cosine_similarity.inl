// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

/// Σ xy, Σ x² and Σ y². An aggregate, see scaled_product.
struct similarity_sums {
  dvec xy, xx, yy;
};

[[gnu::always_inline]] inline void add_products(similarity_sums& s, dvec x, dvec y) noexcept {
  s.xy += x * y;
  s.xx += x * x;
  s.yy += y * y;
}

inline void cosine_similarity(isa, const cosine_similarity_args& a) noexcept {
  similarity_sums low{dvec{}, dvec{}, dvec{}}, high = low;
  std::size_t i = 0;
  for (; i + lanes <= a.size; i += lanes) {
    add_products(low, widen(a.first + i), widen(a.second + i));
    add_products(high, widen(a.first + i + double_lanes), widen(a.second + i + double_lanes));
  }
  if (i < a.size) {
    float x[lanes] = {}, y[lanes] = {};
    for (std::size_t l = 0; i + l < a.size; ++l) {
      x[l] = a.first[i + l];
      y[l] = a.second[i + l];
    }
    add_products(low, widen(x), widen(y));
    add_products(high, widen(x + double_lanes), widen(y + double_lanes));
  }
  a.sums[0] = combine_lanes(low.xy + high.xy, adding{});
  a.sums[1] = combine_lanes(low.xx + high.xx, adding{});
  a.sums[2] = combine_lanes(low.yy + high.yy, adding{});
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
