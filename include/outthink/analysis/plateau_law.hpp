// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

namespace outthink {

/// @brief How the accuracy of what is selected grows with samples, or with rounds of rethinking, to
/// a plateau: ceiling · (1 - (1 - p)^n).
///
/// Requires: p and ceiling in [0, 1]. Cost: O(1). Errors: none. Numerics: exact to rounding for the
/// smallest p. The ceiling is that of the answer which is selected, not of coverage; and rethinking
/// can overturn right answers, which the law does not know.
/// Reference: J. Wang et al. 2025, arXiv:2505.20522. See also `samples_to_saturation`.
struct plateau_law {
  double p = 0;        ///< that one sample succeeds
  double ceiling = 1;  ///< accuracy with samples without end

  /// The accuracy with `samples` samples.
  [[nodiscard]] double operator()(double samples) const noexcept {
    return samples > 0 ? -ceiling * std::expm1(samples * std::log1p(-p)) : 0;
  }
  /// What the next sample adds.
  [[nodiscard]] double gain(double samples) const noexcept {
    return p < 1 ? ceiling * p * std::exp(samples * std::log1p(-p)) : samples > 0 ? 0 : ceiling;
  }
};

/// @brief Fits the law to accuracies that were measured, by least squares.
///
/// How it works: for each p the best ceiling is known; p by a grid over its logarithm from 1e-6 on,
/// then by golden sections.
/// Shapes and units: `samples` [n], positive; `accuracies` [n], in [0, 1].
/// Requires: two different numbers of samples at least. Cost: O(500 · n).
/// Errors: `errc::invalid_argument` for anything else. Numerics: p to about 1e-7 of itself. Where
/// no plateau is in sight yet, p and the ceiling are known only as a product.
[[nodiscard]] inline plateau_law fit_plateau_law(std::span<const double> samples,
                                                 std::span<const double> accuracies) {
  require(samples.size() == accuracies.size(),
          "fit_plateau_law: give an accuracy for each number of samples");
  bool differ = false;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    require(samples[i] > 0 && accuracies[i] >= 0 && accuracies[i] <= 1,
            "fit_plateau_law: samples must be positive and accuracies lie in [0, 1]");
    differ = differ || samples[i] != samples[0];
  }
  require(differ, "fit_plateau_law: give at least two different numbers of samples");
  const auto best_ceiling = [&](double log_p) {
    plateau_law law{std::exp(log_p), 1};
    double both = 0, square = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      both += accuracies[i] * law(samples[i]);
      square += law(samples[i]) * law(samples[i]);
    }
    law.ceiling = std::clamp(both / square, 0.0, 1.0);
    return law;
  };
  const auto error = [&](double log_p) {
    const plateau_law law = best_ceiling(log_p);
    double sum = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const double off = accuracies[i] - law(samples[i]);
      sum += off * off;
    }
    return sum;
  };
  constexpr double kLeast = -13.815510557964274, kStep = 0.03453877639491069;  // ln 1e-6 in 400
  double best = 0, least_error = std::numeric_limits<double>::infinity();
  for (int i = 0; i <= 400; ++i) {
    const double here = i == 400 ? 0 : kLeast + kStep * i, of = error(here);
    if (of < least_error) best = here, least_error = of;
  }
  double low = best - kStep, high = std::fmin(best + kStep, 0.0);
  for (int i = 0; i < 60; ++i) {
    constexpr double kGolden = 0.3819660112501051;
    const double a = low + kGolden * (high - low), b = high - kGolden * (high - low);
    (error(a) <= error(b) ? high : low) = error(a) <= error(b) ? b : a;
  }
  return best_ceiling((low + high) / 2);
}

}  // namespace outthink
