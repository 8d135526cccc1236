// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace outthink {

/// @brief The mean squared distance of predicted probabilities from what came true.
///
/// How it works: mean of (p - right)²; 0 is perfect, 0.25 what a constant 1/2 gets. It rewards
/// calibration and discrimination together, and honest probabilities are its minimum.
/// Shapes and units: `probabilities` [n]; `right` [n], 0 or 1.
/// Requires: as many of both, probabilities in [0, 1]. Cost: O(n).
/// Errors: `errc::invalid_argument` for anything else, NaN included; NaN for no prediction.
/// Reference: G. Brier 1950, "Verification of forecasts expressed in terms of probability", in the
/// form for two outcomes, half of his.
[[nodiscard]] inline double brier_score(std::span<const float> probabilities,
                                        std::span<const std::uint8_t> right) {
  require(probabilities.size() == right.size(), "brier_score: give a result for each probability");
  double sum = 0;
  for (std::size_t i = 0; i < right.size(); ++i) {
    const auto p = static_cast<double>(probabilities[i]);
    require(p >= 0 && p <= 1, "brier_score: probabilities must lie in [0, 1]; leave out NaN");
    const double off = p - (right[i] != 0 ? 1 : 0);
    sum += off * off;
  }
  if (right.empty()) return std::numeric_limits<double>::quiet_NaN();
  return sum / static_cast<double>(right.size());
}

}  // namespace outthink
