// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <limits>
#include <span>

namespace outthink::kernels {

/// @brief Turns logarithms of weights into weights that sum to 1; returns ln Σ e^log_weight.
///
/// How it works: the largest logarithm is subtracted before the exponential, so that none
/// overflows and the largest weight never underflows. The mean weight of n particles, whose product
/// over the rounds estimates the evidence, is e^(result - ln n).
/// Shapes and units: `log_weights` [n], natural logarithms; `weights` [n], may be `log_weights`.
/// Requires: nothing; no weight gives minus infinity and writes nothing.
/// Cost: n exponentials; no allocation. Errors: none.
/// Determinism: the bits depend on the standard library's exponential.
/// Numerics: within 4e-16 · (n + |largest - smallest| of those that count), relative. NaN weighs
/// nothing, as minus infinity does. If none counts, all weigh 1/n and the result is minus infinity;
/// weights of plus infinity share all evenly, and the result is plus infinity.
/// Reference: the weights of any particle filter; with the logit of a step score as logarithm those
/// of I. Puri et al. 2025, arXiv:2502.01618, where scores .9 and .5 weigh .9 and .1.
inline double normalise_log_weights(std::span<const double> log_weights,
                                    std::span<double> weights) noexcept {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  double largest = -kInfinity;
  for (const double w : log_weights) largest = w > largest ? w : largest;
  const bool infinite = largest == kInfinity, none = largest == -kInfinity;
  double sum = 0;
  for (std::size_t i = 0; i < log_weights.size(); ++i) {
    const double w = log_weights[i];
    if (none) {
      weights[i] = 1;
    } else if (infinite) {
      weights[i] = w == kInfinity ? 1 : 0;
    } else {
      weights[i] = w == w ? __builtin_exp(w - largest) : 0;
    }
    sum += weights[i];
  }
  for (std::size_t i = 0; i < log_weights.size(); ++i) weights[i] /= sum;
  return infinite || none ? largest : largest + __builtin_log(sum);
}

}  // namespace outthink::kernels
