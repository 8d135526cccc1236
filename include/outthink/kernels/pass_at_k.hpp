// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <limits>

namespace outthink::kernels {

/// @brief The probability that at least one of k samples, drawn without replacement from n of which
/// c are right, is right: the unbiased estimate of pass@k.
///
/// How it works: 1 - C(n - c, k) / C(n, k), the complement of a product of min(c, k) factors
/// 1 - max(c, k) / (n - j), as c and k may change places. What each factor takes away is added up
/// beside the product, so that nothing cancels.
/// Shapes and units: counts in, a probability out. Average it over problems.
/// Requires: k <= n and c <= n; otherwise the result is NaN, for n samples say nothing about more.
/// Cost: O(min(c, k)), less once the result is 1; no allocation. Errors: none.
/// Determinism: the same bits wherever the compiler fuses multiplication and addition alike.
/// Numerics: relative error below 4 · 2⁻⁵³ · min(c, k), however small the result.
/// Reference: M. Chen et al. 2021 (arXiv:2107.03374), section 2.1. Their code returns 1 whenever
/// n - c < k, so also for k > n with c = 0. 1 - (1 - c/n)^k is biased: .832 instead of .917 for
/// n = 10, c = 3, k = 5.
[[nodiscard]] constexpr double pass_at_k(std::uint64_t n, std::uint64_t c,
                                         std::uint64_t k) noexcept {
  if (k > n || c > n) return std::numeric_limits<double>::quiet_NaN();
  const std::uint64_t fewer = c < k ? c : k, more = c < k ? k : c;
  if (fewer > 0 && more > n - fewer) return 1;
  double passes = 0, none = 1;
  for (std::uint64_t j = 0; j < fewer && none > 0x1p-60; ++j) {
    const auto left = static_cast<double>(n - j);
    passes += none * (static_cast<double>(more) / left);
    none *= static_cast<double>(n - j - more) / left;
  }
  return passes < 1 ? passes : 1;
}

}  // namespace outthink::kernels
