// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/analysis/interval.hpp>

#include <cmath>
#include <cstddef>

namespace outthink {

/// @brief Confidence interval of a proportion, from `successes` in `trials`.
///
/// How it works: the values p whose normal test against the observed share does not reject,
/// (p̂ + z²/2n ± z sqrt(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n).
/// Requires: successes ≤ trials; no trial gives [0, 1]. Cost: O(1). Errors: none.
/// Numerics: `z` = 1.959964 is the two-sided 95 % quantile.
/// Reference: E. B. Wilson 1927, "Probable inference, the law of succession, and statistical
/// inference".
[[nodiscard]] inline interval wilson_interval(std::size_t successes, std::size_t trials,
                                              double z = 1.959964) {
  if (trials == 0) return {};
  const auto n = static_cast<double>(trials);
  const double share = static_cast<double>(successes) / n;
  const double centre = share + z * z / (2 * n);
  const double half = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  return {std::fmax(0.0, (centre - half) / scale), std::fmin(1.0, (centre + half) / scale)};
}

}  // namespace outthink
