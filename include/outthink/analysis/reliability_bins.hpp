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

/// The predictions of one bar of a reliability diagram.
struct reliability_bin {
  std::size_t predictions = 0;
  double confidence = 0;  ///< mean of what was predicted; 0 for none
  double accuracy = 0;    ///< share that came true; 0 for none
};

/// @brief Predictions by confidence, with what came of them: a reliability diagram.
///
/// How it works: bin b of B holds the predictions in (b / B, (b + 1) / B], the first one 0 too.
/// Shapes and units: `probabilities` [n], a verifier's scores; `right` [n], 0 or 1.
/// Requires: as many of both, probabilities in [0, 1], bins ≥ 1. Leave out what has no score.
/// Cost: O(n + bins). Errors: `errc::invalid_argument` for anything else, NaN included.
/// Numerics: bounds are compared in single precision, so that 0.7F is at the bound of 0.7.
/// Reference: C. Guo et al. 2017, arXiv:1706.04599, with 15 bins.
[[nodiscard]] inline std::vector<reliability_bin> reliability_bins(
    std::span<const float> probabilities, std::span<const std::uint8_t> right,
    std::size_t bins = 15) {
  require(probabilities.size() == right.size() && bins >= 1,
          "reliability_bins: give a result for each probability, and at least one bin");
  std::vector<reliability_bin> all(bins);
  for (std::size_t i = 0; i < right.size(); ++i) {
    const float p = probabilities[i];
    require(p >= 0 && p <= 1, "reliability_bins: probabilities must lie in [0, 1]; leave out NaN");
    const auto above = static_cast<std::size_t>(std::ceil(p * static_cast<float>(bins)));
    reliability_bin& bin = all[above > 0 ? above - 1 : 0];
    ++bin.predictions;
    bin.confidence += static_cast<double>(p);
    bin.accuracy += right[i] != 0 ? 1 : 0;
  }
  for (reliability_bin& bin : all) {
    if (bin.predictions == 0) continue;
    bin.confidence /= static_cast<double>(bin.predictions);
    bin.accuracy /= static_cast<double>(bin.predictions);
  }
  return all;
}

/// @brief How far confidence and accuracy lie apart, on average over predictions.
///
/// How it works: Σ share of the bin · |accuracy - confidence|. What is right and wrong within a bin
/// cancels, and chance alone makes it positive: compare verifiers on equally many predictions.
/// Cost: O(bins). Errors: none; NaN without a prediction. Reference: as above.
[[nodiscard]] inline double expected_calibration_error(
    std::span<const reliability_bin> bins) noexcept {
  double sum = 0, predictions = 0;
  for (const reliability_bin& bin : bins) {
    const auto count = static_cast<double>(bin.predictions);
    sum += count * std::fabs(bin.accuracy - bin.confidence);
    predictions += count;
  }
  return predictions > 0 ? sum / predictions : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace outthink
