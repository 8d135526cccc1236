// SPDX-License-Identifier: MIT
#pragma once

#include <span>

namespace outthink::kernels {

/// @brief How many equally weighted samples these weighted ones are worth: (Σ w)² / Σ w².
///
/// From 1, one sample has all the weight, to n, all weigh the same. Particle filters resample when
/// it falls below a share of n, usually one half.
/// Shapes and units: `weights` [n], in any unit: they need not sum to 1.
/// Requires: weights that are finite and not negative.
/// Cost: O(n); no allocation. Errors: none.
/// Determinism: the same bits wherever the compiler fuses multiplication and addition alike.
/// Numerics: sums in double, weights relative to the largest, so that none overflows or underflows.
/// No weight, or none but zeros, is worth 0; NaN and infinities give NaN.
/// Reference: A. Kong, J. Liu, W. Wong 1994, JASA 89(425).
[[nodiscard]] inline double effective_sample_size(std::span<const double> weights) noexcept {
  double largest = 0;
  for (const double w : weights) largest = w > largest ? w : largest;
  double sum = 0, squares = 0;
  for (const double weight : weights) {
    const double w = largest > 0 ? weight / largest : weight;
    sum += w;
    squares += w * w;
  }
  return sum == 0 ? 0 : sum * sum / squares;
}

}  // namespace outthink::kernels
