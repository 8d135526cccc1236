// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstdint>
#include <span>

namespace outthink::kernels {

/// A comparison of two candidates.
struct match {
  std::uint32_t first = 0;   ///< index of one candidate
  std::uint32_t second = 0;  ///< index of the other, not the same
  float result = 0.5F;       ///< 1: `first` won, 0: `second` won, 0.5: a draw; or between
};

/// The probability that the first of two rated candidates wins: 1 / (1 + 10^((second -
/// first)/400)).
[[nodiscard]] inline double elo_expectation(double first, double second) noexcept {
  return 1 / (1 + std::pow(10.0, (second - first) / 400));
}

/// @brief Moves ratings by the results of matches, one after the other.
///
/// How it works: what the first of a match gains, the second loses: k · (result - expectation).
/// Shapes and units: `ratings` [candidates], in Elo points, 1200 being usual for a newcomer.
/// Requires: the indices of `matches` are those of ratings; results in [0, 1].
/// Cost: O(matches), a power each; no allocation. Errors: none.
/// Determinism: depends on the order of the matches. The sum of ratings is kept up to rounding:
/// exactly, where ratings and gains are multiples of a common unit.
/// Numerics: in double; ratings that lie far apart saturate, none overflows.
/// Reference: A. Elo 1978, The Rating of Chessplayers; ranks hypotheses in J. Gottweis et al. 2025
/// (arXiv:2502.18864), who give no k; 32 is the classical choice. Judges prefer a position: ask
/// both ways, and take disagreement as a draw.
inline void elo_update(std::span<double> ratings, std::span<const match> matches,
                       double k = 32) noexcept {
  for (const match& m : matches) {
    double& first = ratings[m.first];
    double& second = ratings[m.second];
    const double gain = k * (static_cast<double>(m.result) - elo_expectation(first, second));
    first += gain;
    second -= gain;
  }
}

}  // namespace outthink::kernels
