// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace outthink {

/// An estimate and its standard error.
struct slope_estimate {
  double slope = 0;
  double standard_error = 0;
};

/// @brief How the odds of a right answer change with its length, at equal difficulty.
///
/// How it works: a logistic regression of right or wrong on length with an intercept for each tier
/// of difficulty, by Newton's method. Without tiers, hard problems, which take longer and fail more
/// often, make length look harmful by themselves.
/// Shapes and units: `lengths` [n], in thousands of tokens for instance; `right` [n], 0 or 1;
/// `tiers` [n], any numbers, the smaller the better. The slope is in ln odds a unit of length.
/// Requires: as many of each. A tier that is all right or all wrong says nothing and is left out.
/// Cost: O(n + largest tier), times about 10. Errors: `errc::invalid_argument` for different sizes.
/// Numerics: in double; NaN where there is no finite slope: lengths that are all equal in each
/// tier, or that part right from wrong without exception. Reference: M. Ballon et al. 2025,
/// arXiv:2502.15631, on longer reasoning chains.
[[nodiscard]] inline slope_estimate length_slope(std::span<const double> lengths,
                                                 std::span<const std::uint8_t> right,
                                                 std::span<const std::uint32_t> tiers) {
  require(lengths.size() == right.size() && lengths.size() == tiers.size(),
          "length_slope: give a length, a result and a tier for each answer");
  struct tier_sums {
    double answers = 0, right = 0, length = 0, intercept = 0;
    double weight, moment, gradient;  // of the present step
    [[nodiscard]] bool mixed() const noexcept { return right > 0 && right < answers; }
  };
  std::vector<tier_sums> all;
  for (std::size_t i = 0; i < tiers.size(); ++i) {
    if (tiers[i] >= all.size()) all.resize(tiers[i] + std::size_t{1});
    tier_sums& tier = all[tiers[i]];
    tier.answers += 1;
    tier.right += right[i] != 0 ? 1 : 0;
    tier.length += lengths[i];
  }
  double slope = 0;
  for (int step = 0; step < 50; ++step) {
    for (tier_sums& tier : all) tier.weight = tier.moment = tier.gradient = 0;
    double curvature = 0, gradient = 0;
    for (std::size_t i = 0; i < tiers.size(); ++i) {
      tier_sums& tier = all[tiers[i]];
      if (!tier.mixed()) continue;
      const double x = lengths[i] - tier.length / tier.answers;
      const double p = 1 / (1 + std::exp(-(tier.intercept + slope * x)));
      const double rest = (right[i] != 0 ? 1 : 0) - p, weight = p * (1 - p);
      tier.weight += weight;
      tier.moment += weight * x;
      tier.gradient += rest;
      curvature += weight * x * x;
      gradient += rest * x;
    }
    for (const tier_sums& tier : all) {
      if (!tier.mixed()) continue;
      curvature -= tier.moment * tier.moment / tier.weight;
      gradient -= tier.moment * tier.gradient / tier.weight;
    }
    const double change = gradient / curvature;
    if (!(curvature > 0) || !std::isfinite(change)) break;
    slope += change;
    for (tier_sums& tier : all)
      if (tier.mixed()) tier.intercept += (tier.gradient - tier.moment * change) / tier.weight;
    const double error = 1 / std::sqrt(curvature);
    if (std::fabs(change) < 1e-9 * (1 + error)) return {slope, error};
  }
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  return {kNone, kNone};
}

}  // namespace outthink
