// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>

namespace outthink {

/// @brief The loss of a model that reads its input in parallel streams and mixes what they say:
/// E + (A / (parameters · (k ln streams + 1)))^α.
///
/// Requires: positive parameters, streams ≥ 1. Cost: O(1). Errors: none.
/// Numerics: the logarithm is natural; `scale` is A, in parameters (published fits give it in
/// billions). Reference: M. Chen et al. 2025, arXiv:2505.10475 (ParScale); k of .39 on code, .33
/// on text.
struct parallel_scaling {
  double floor = 0;     ///< E, the loss that no model goes below
  double scale = 1;     ///< A, in parameters
  double exponent = 1;  ///< α
  double k = 0.39;      ///< how much a stream is worth

  /// By how much the parameters would have to be multiplied for the same loss.
  [[nodiscard]] double equivalent_parameters(double streams) const noexcept {
    return k * std::log(streams) + 1;
  }
  /// The loss with so many parameters and streams.
  [[nodiscard]] double loss(double parameters, double streams) const noexcept {
    return floor + std::pow(scale / (parameters * equivalent_parameters(streams)), exponent);
  }
};

}  // namespace outthink
