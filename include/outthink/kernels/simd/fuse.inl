// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

inline void fuse(isa, const detail::fuse_args& a) noexcept {
  const vec weight = broadcast(a.weight), offset = broadcast(a.offset);
  for (std::size_t i = 0; i < a.size; i += lanes) {
    const std::size_t left = a.size - i;
    const bool whole = left >= lanes;
    vec sum{};
    if (a.accumulate) sum = whole ? load(a.output + i) : load_first(a.output + i, left);
    if (a.weight != 0) {
      const vec z = whole ? load(a.logits + i) : load_first(a.logits + i, left);
      sum = a.accumulate ? fma(weight, z - offset, sum) : weight * (z - offset);
    }
    if (whole)
      store(a.output + i, sum);
    else
      store_first(a.output + i, sum, left);
  }
}

inline void keep_plausible(isa, const detail::mask_args& a) noexcept {
  const vec threshold = broadcast(a.threshold), out = broadcast(-__builtin_inff());
  for (std::size_t i = 0; i < a.size; i += lanes) {
    const std::size_t left = a.size - i;
    if (left >= lanes) {
      store(a.output + i,
            select(lanes_at_least(load(a.logits + i), threshold), load(a.output + i), out));
    } else {
      const std::uint32_t kept = lanes_at_least(load_first(a.logits + i, left), threshold);
      store_first(a.output + i, select(kept, load_first(a.output + i, left), out), left);
    }
  }
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
