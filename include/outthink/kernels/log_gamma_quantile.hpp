// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/gamma_distribution.hpp>
#include <outthink/kernels/normal_quantile.hpp>

#include <cmath>
#include <limits>

namespace outthink::kernels {

/// @brief The logarithm of the number that a gamma variable of the given shape (and scale 1) stays
/// below with the given probability: turns a uniform number into a gamma one.
///
/// The logarithm, as small shapes make numbers that no double holds: shape .01 and probability 1e-4
/// give e^-921. A χ² variable of ν degrees of freedom is twice a gamma variable of shape ν/2.
/// How it works: from Cornish and Fisher's expansion around the normal quantile, which serves alone
/// from a shape of 1000 on, or below a shape of 1 and in the lower tail from the first term of the
/// power series; then Newton's iteration in the logarithm, kept inside a bracket, on whichever tail
/// is smaller.
/// Shapes and units: a shape and a probability in, a natural logarithm out.
/// Requires: shape > 0 and finite, probability in [0, 1]; otherwise NaN. 0 gives minus infinity, 1
/// plus infinity.
/// Cost: about 5 iterations of as many terms as √shape, below 2 µs; no allocation. Errors: none.
/// Determinism: the bits depend on the standard library's functions.
/// Numerics: the probability of the result is within 1e-11 (relative, of the smaller tail) of the
/// one asked for; from shapes of 1000 on the result itself is within 1e-8. Does not fall as the
/// probability rises, up to that.
/// Reference: the expansion is E. Cornish, R. Fisher 1938 with the cumulants of the gamma
/// distribution, to order shape^-3/2.
[[nodiscard]] inline double log_gamma_quantile(double shape, double probability) noexcept {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (!(shape > 0 && shape < kInfinity && probability >= 0 && probability <= 1))
    return std::numeric_limits<double>::quiet_NaN();
  if (probability == 0) return -kInfinity;
  if (probability == 1) return kInfinity;
  const double z = normal_quantile(probability), z2 = z * z, root = std::sqrt(shape);
  const double expansion = shape + root * z + (z2 - 1) / 3 + z * (z2 - 7) / (36 * root) -
                           ((3 * z2 + 7) * z2 - 16) / (810 * shape) +
                           z * ((9 * z2 + 256) * z2 - 433) / (38880 * shape * root);
  if (shape >= 1000) return std::log(expansion);
  const double log_gamma_of_shape = log_gamma(shape);
  // The power series' first term: below x^shape / Γ(shape + 1), so the quantile is above it.
  const double least = (std::log(probability) + log_gamma_of_shape + std::log(shape)) / shape;
  if (least < -40) return least;  // the other terms are below the rounding of this one
  double low = least - 1e-9 * (1 + std::fabs(least)), high = std::log(shape + 800);
  double y = shape < 1 || !(expansion > 0.2 * shape) ? least : std::log(expansion);
  for (int i = 0; i < 100; ++i) {
    const double x = std::exp(y);
    const auto [below, above] = detail::gamma_probability(shape, log_gamma_of_shape, x, y);
    // On the smaller tail, where neither 1 - probability nor the difference loses digits.
    const double error = probability < 0.5 ? below - probability : (1 - probability) - above;
    (error < 0 ? low : high) = y;
    const double density = std::exp(shape * y - x - log_gamma_of_shape);  // of y
    // Newton on the logarithm of the tail: its slope is flat in neither direction.
    const double tail = probability < 0.5 ? below : -above;
    const double wanted = probability < 0.5 ? probability : 1 - probability;
    const double step = std::log(std::fabs(tail) / wanted) * tail / density;
    if (std::fabs(step) <= 1e-15 * (1 + std::fabs(y))) break;
    y -= step;
    if (!(y > low && y < high)) y = low + (high - low) / 2;  // also where density underflowed
  }
  return y;
}

}  // namespace outthink::kernels
