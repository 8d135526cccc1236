// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <limits>

namespace outthink::kernels {

/// @brief The number that a standard normal variable stays below with the given probability: turns
/// a uniform number into a normal one.
///
/// How it works: a starting value from the tail's asymptotic form, then Halley's iteration on
/// ½ erfc(-x/√2), which triples the digits each time.
/// Shapes and units: a probability in, standard deviations out.
/// Requires: nothing: 0 gives minus infinity, 1 plus infinity, anything else outside NaN.
/// Cost: about five complementary error functions; no allocation. Errors: none.
/// Determinism: the bits depend on the standard library's functions.
/// Numerics: relative error below 1e-14 of 1 + |result|; does not fall as the probability rises, up
/// to that; quantile(p) = -quantile(1 - p) where 1 - p is exact.
/// Reference: the starting value is equation 26.2.22 of M. Abramowitz, I. Stegun 1964.
[[nodiscard]] inline double normal_quantile(double probability) noexcept {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (!(probability >= 0 && probability <= 1)) return std::numeric_limits<double>::quiet_NaN();
  if (probability == 0.5) return 0;
  // In the lower half, where the probability itself keeps all its digits.
  const double p = probability < 0.5 ? probability : 1 - probability;
  if (p == 0) return probability < 0.5 ? -kInfinity : kInfinity;
  const double t = std::sqrt(-2 * std::log(p));
  double x = (2.30753 + 0.27061 * t) / (1 + (0.99229 + 0.04481 * t) * t) - t;
  for (int i = 0; i < 8; ++i) {
    constexpr double kRoot2 = 1.4142135623730951, kRoot2Pi = 2.5066282746310002;
    const double error = 0.5 * std::erfc(-x / kRoot2) - p;
    const double half = std::exp(0.25 * x * x);  // its square overflows far in the tail
    const double newton = error * kRoot2Pi * half * half;
    const double step = newton / (1 + 0.5 * x * newton);
    x -= step;
    if (std::fabs(step) <= 1e-15 * (1 + std::fabs(x))) break;
  }
  return probability < 0.5 ? x : -x;
}

}  // namespace outthink::kernels
