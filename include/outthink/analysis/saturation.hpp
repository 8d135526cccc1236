// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

#include <cmath>
#include <cstdint>

namespace outthink {

/// @brief The number of samples, or of rounds of rethinking, after which another one gains at most
/// `least_gain`.
///
/// How it works: with n samples the performance is ceiling · (1 - (1 - p)^n); the next one gains
/// ceiling · p · (1 - p)^n; the smallest n is ⌈ln(least_gain / (ceiling · p)) / ln(1 - p)⌉.
/// Requires: p and ceiling in [0, 1], least_gain > 0. The ceiling is that of the answer which is
/// selected, not of coverage. Cost: O(1). Errors: `errc::invalid_argument` outside those ranges.
/// Numerics: in double; a gain within rounding of `least_gain` may count either way.
/// Reference: the plateau of J. Wang et al. 2025, arXiv:2505.20522.
[[nodiscard]] inline std::uint64_t samples_to_saturation(double p, double ceiling,
                                                         double least_gain) {
  require(p >= 0 && p <= 1 && ceiling >= 0 && ceiling <= 1 && least_gain > 0,
          "samples_to_saturation: p and ceiling must lie in [0, 1], least_gain must be positive");
  const double first_gain = ceiling * p;
  if (first_gain <= least_gain) return 0;
  if (p == 1) return 1;
  return static_cast<std::uint64_t>(std::ceil(std::log(least_gain / first_gain) / std::log1p(-p)));
}

}  // namespace outthink
