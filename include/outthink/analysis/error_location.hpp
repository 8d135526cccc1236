// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace outthink {

/// The position that says that no step is wrong.
inline constexpr std::int64_t no_error = -1;

/// The first step whose score is below `threshold`, counted from 0, or `no_error`; NaN is below.
[[nodiscard]] constexpr std::int64_t first_error(std::span<const float> scores,
                                                 float threshold = 0.5F) noexcept {
  for (std::size_t i = 0; i < scores.size(); ++i)
    if (!(scores[i] >= threshold)) return static_cast<std::int64_t>(i);
  return no_error;
}

/// How well the first wrong step was found.
struct error_location {
  double on_wrong = 0;  ///< share of wrong solutions whose first error was found, exactly
  double on_right = 0;  ///< share of right solutions that were called right

  /// The harmonic mean of both; 0 if both are.
  [[nodiscard]] constexpr double f1() const noexcept {
    const double sum = on_wrong + on_right;
    return sum > 0 ? 2 * on_wrong * on_right / sum : 0;
  }
};

/// @brief Compares the first errors that a verifier found with those that are there.
///
/// Shapes and units: `found` and `labels` [n], positions counted from 0, or `no_error`.
/// Requires: as many of both. A share of none is 0. The published score is the mean of `f1` over
/// subsets, not that of all problems together. Cost: O(n).
/// Errors: `errc::invalid_argument` for different lengths.
/// Reference: C. Zheng et al. 2024, arXiv:2412.06559 (ProcessBench), where a reward model finds an
/// error at the first step below a threshold, which is tuned on one subset.
[[nodiscard]] inline error_location locate_errors(std::span<const std::int64_t> found,
                                                  std::span<const std::int64_t> labels) {
  require(found.size() == labels.size(), "locate_errors: give one label for each position found");
  double wrong = 0, right = 0, wrong_found = 0, right_found = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const bool is_right = labels[i] == no_error, hit = found[i] == labels[i];
    (is_right ? right : wrong) += 1;
    (is_right ? right_found : wrong_found) += hit ? 1 : 0;
  }
  return {wrong > 0 ? wrong_found / wrong : 0, right > 0 ? right_found / right : 0};
}

}  // namespace outthink
