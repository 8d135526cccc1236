// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <limits>

namespace outthink::kernels {

/// @brief The probability that all of k samples, drawn without replacement from n of which c are
/// right, are right: the unbiased estimate of pass^k.
///
/// How it works: C(c, k) / C(n, k), as a product of min(k, n - c) factors: (c - j) / (n - j) for
/// every sample drawn, or 1 - k / (n - j) for every wrong one that is not.
/// Shapes and units: counts in, a probability out. Average it over problems.
/// Requires: k <= n and c <= n; otherwise the result is NaN. None of none is 1.
/// Cost: O(min(k, n - c)), less once the result is 0; no allocation. Errors: none.
/// Determinism: the same bits on every machine.
/// Numerics: relative error below 2 · 2⁻⁵³ · min(k, n - c), down to the smallest normal number.
/// Reference: S. Yao et al. 2024 (τ-bench, arXiv:2406.12045), section 4. (c/n)^k is biased.
[[nodiscard]] constexpr double pass_hat_k(std::uint64_t n, std::uint64_t c,
                                          std::uint64_t k) noexcept {
  if (k > n || c > n) return std::numeric_limits<double>::quiet_NaN();
  if (k > c) return 0;
  const std::uint64_t wrong = n - c;
  const std::uint64_t kept_out = k < wrong ? wrong : k, factors = k < wrong ? k : wrong;
  double all = 1;
  for (std::uint64_t j = 0; j < factors && all > 0; ++j)
    all *= static_cast<double>(n - j - kept_out) / static_cast<double>(n - j);
  return all;
}

}  // namespace outthink::kernels
