// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

#include <cmath>
#include <cstddef>
#include <span>

namespace outthink {

/// @brief How the share of problems solved by some sample grows with the samples: exp(a · k^b).
///
/// Requires: a < 0 and b < 0 for a coverage that grows towards 1. Cost: O(1). Errors: none.
/// Reference: B. Brown et al. 2024, arXiv:2407.21787, section 3.1; exceptions exist.
struct coverage_law {
  double a = -1;  ///< logarithm of the coverage of one sample
  double b = -1;  ///< how fast it grows

  /// The coverage of `samples` samples.
  [[nodiscard]] double operator()(double samples) const noexcept {
    return std::exp(a * std::pow(samples, b));
  }
};

/// @brief Fits the law to coverages that were measured (see `kernels::pass_at_k`).
///
/// How it works: a straight line through (ln k, ln(-ln coverage)) by least squares; two points give
/// the law through both.
/// Shapes and units: `samples` [n], positive; `coverages` [n], in (0, 1).
/// Requires: n ≥ 2 with two different numbers of samples. Cost: O(n).
/// Errors: `errc::invalid_argument` for anything else.
/// Numerics: in double. Distances count in ln(-ln coverage), not in coverage, so that points near 0
/// and 1 weigh more than in the reference's non-linear fit.
[[nodiscard]] inline coverage_law fit_coverage_law(std::span<const double> samples,
                                                   std::span<const double> coverages) {
  require(samples.size() == coverages.size() && samples.size() >= 2,
          "fit_coverage_law: give two or more numbers of samples, and a coverage for each");
  const auto n = static_cast<double>(samples.size());
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    require(samples[i] > 0 && coverages[i] > 0 && coverages[i] < 1,
            "fit_coverage_law: samples must be positive and coverages lie between 0 and 1");
    mean_x += std::log(samples[i]) / n;
    mean_y += std::log(-std::log(coverages[i])) / n;
  }
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double x = std::log(samples[i]) - mean_x;
    xx += x * x;
    xy += x * (std::log(-std::log(coverages[i])) - mean_y);
  }
  require(xx > 0, "fit_coverage_law: give at least two different numbers of samples");
  const double b = xy / xx;
  return {-std::exp(mean_y - b * mean_x), b};
}

}  // namespace outthink
