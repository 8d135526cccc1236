// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

inline void dot(isa, const dot_args& a) noexcept {
  // Four chains hide the latency of the multiply-add.
  vec sums[4] = {};
  std::size_t i = 0;
  for (; i + 4 * lanes <= a.size; i += 4 * lanes) {
    OUTTHINK_UNROLL
    for (std::size_t s = 0; s < 4; ++s)
      sums[s] = fma(load(a.first + i + s * lanes), load(a.second + i + s * lanes), sums[s]);
  }
  for (; i + lanes <= a.size; i += lanes)
    sums[0] = fma(load(a.first + i), load(a.second + i), sums[0]);
  if (i < a.size) {
    const std::size_t rest = a.size - i;
    sums[1] = fma(load_first(a.first + i, rest), load_first(a.second + i, rest), sums[1]);
  }
  *a.product = sum_of_lanes((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
