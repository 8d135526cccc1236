// SPDX-License-Identifier: MIT
//
// The double-precision operations of one target, applied to 8 numbers.

namespace outthink::kernels::OUTTHINK_TARGET {

inline void apply_doubles(isa, const outthink::test::doubles_results& r) noexcept {
  dvec sum{}, product = broadcast_double(1.0), smallest = broadcast_double(__builtin_inf());
  for (std::size_t i = 0; i < 8; i += double_lanes) {
    const dvec x = load_doubles(r.x + i);
    store_doubles(r.exponents + i, exponents(x));
    store_doubles(r.mantissas + i, mantissas(x));
    store_doubles(r.logs + i, log_scaled(x, broadcast_double(3.0)));
    store_doubles(r.widened + i, widen(r.narrow + i));
    sum += x;
    product *= x;
    smallest = x < smallest ? x : smallest;
  }
  r.combined[0] = combine_lanes(sum, adding{});
  r.combined[1] = combine_lanes(product, multiplying{});
  r.combined[2] = combine_lanes(smallest, taking_smaller{});
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
