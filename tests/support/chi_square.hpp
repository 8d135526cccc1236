// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace outthink::test {

/// Probability that a chi-square variable with `freedom` degrees is at least `statistic`: the
/// regularised upper incomplete gamma function, as in Numerical Recipes, section 6.2.
inline double chi_square_tail(double statistic, double freedom) {
  const double a = freedom / 2, x = statistic / 2;
  if (x <= 0) return 1;
  const double scale = std::exp(a * std::log(x) - x - std::lgamma(a));
  if (x < a + 1) {
    double term = 1 / a, sum = term;
    for (int n = 1; n < 10'000 && term > sum * 1e-15; ++n) {
      term *= x / (a + n);
      sum += term;
    }
    return 1 - scale * sum;
  }
  double b = x + 1 - a, c = 1e300, d = 1 / b, fraction = d;
  for (int i = 1; i < 10'000; ++i) {
    const double an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    fraction *= d * c;
    if (std::abs(d * c - 1) < 1e-15) break;
  }
  return scale * fraction;
}

/// Probability of a deviation at least as large as that of `observed` if the probabilities are
/// `expected` (they sum to 1). Cells of probability 0 must be empty, or the result is 0.
inline double chi_square_fit(std::span<const std::uint64_t> observed,
                             std::span<const double> expected) {
  double total = 0, statistic = 0, freedom = -1;
  for (const std::uint64_t n : observed) total += static_cast<double>(n);
  for (std::size_t i = 0; i < observed.size(); ++i) {
    if (expected[i] <= 0) {
      if (observed[i] > 0) return 0;
      continue;
    }
    const double mean = total * expected[i];
    const double off = static_cast<double>(observed[i]) - mean;
    statistic += off * off / mean;
    freedom += 1;
  }
  return chi_square_tail(statistic, freedom);
}

/// The same for two samples that should come from one distribution.
inline double chi_square_same(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b) {
  double total_a = 0, total_b = 0, statistic = 0, freedom = -1;
  for (const std::uint64_t n : a) total_a += static_cast<double>(n);
  for (const std::uint64_t n : b) total_b += static_cast<double>(n);
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto x = static_cast<double>(a[i]), y = static_cast<double>(b[i]);
    if (x + y == 0) continue;
    const double off = x * std::sqrt(total_b / total_a) - y * std::sqrt(total_a / total_b);
    statistic += off * off / (x + y);
    freedom += 1;
  }
  return chi_square_tail(statistic, freedom);
}

}  // namespace outthink::test
