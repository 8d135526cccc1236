// SPDX-License-Identifier: MIT
//
// The position of the largest of a stream of values, the first of equals.

namespace outthink::kernels::OUTTHINK_TARGET {

/// Lane l: the largest value seen in lane l, and where. An aggregate, see scaled_product.
struct best_lanes {
  vec value;
  ivec index;
};

/// 0, 1, 2, …
[[gnu::always_inline]] inline ivec lane_indices() noexcept {
  static constexpr std::int32_t index[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  ivec v;
  __builtin_memcpy(&v, index, sizeof v);
  return v;
}

/// Nothing seen: position 0 wins unless something exceeds minus infinity.
[[gnu::always_inline]] inline best_lanes nothing_seen() noexcept {
  return {broadcast(-__builtin_inff()), ivec{}};
}

/// NaN exceeds nothing; a later equal does not displace an earlier one.
[[gnu::always_inline]] inline void take_better(best_lanes& best, vec value, ivec index) noexcept {
  const ivec better = value > best.value;
  best.value = better ? value : best.value;
  best.index = better ? index : best.index;
}

[[gnu::always_inline]] inline std::size_t best_index(const best_lanes& best) noexcept {
  float values[lanes];
  std::int32_t indices[lanes];
  store(values, best.value);
  __builtin_memcpy(indices, &best.index, sizeof indices);
  std::size_t at = 0;
  for (std::size_t i = 1; i < lanes; ++i) {
    const bool better =
        values[i] > values[at] || (values[i] == values[at] && indices[i] < indices[at]);
    at = better ? i : at;
  }
  return static_cast<std::size_t>(indices[at]);
}

/// The next `count` <= lanes visits as floats; past them `absent`.
[[gnu::always_inline]] inline vec load_visits(const std::uint32_t* from, std::size_t count,
                                              std::uint32_t absent) noexcept {
  std::uint32_t padded[lanes];
  if (count < lanes) {
    for (std::size_t i = 0; i < lanes; ++i) padded[i] = i < count ? from[i] : absent;
    from = padded;
  }
  ivec visits;
  __builtin_memcpy(&visits, from, sizeof visits);
  return __builtin_convertvector(visits, vec);
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
