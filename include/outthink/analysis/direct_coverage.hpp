// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <span>

namespace outthink {

/// @brief The loss of pass@n: -ln(1 - (1 - p)^n), for the probability p of a right answer.
///
/// Requires: p in [0, 1], n ≥ 1. Cost: O(1). Errors: none; infinity for p = 0.
/// Numerics: exact to rounding for the smallest p. With n = 1 it is the cross entropy.
/// Reference: F. Chen et al. 2025, arXiv:2502.07154 (direct coverage optimisation).
[[nodiscard]] inline double direct_coverage_loss(double p, double n) noexcept {
  return -std::log(-std::expm1(n * std::log1p(-p)));
}

/// @brief What the gradient of the cross entropy is multiplied by to become that of the loss of
/// pass@n: n p (1 - p)^(n-1) / (1 - (1 - p)^n).
///
/// How it works: 1 where a right answer is rare, near 0 where p is far above 1 / n: what n samples
/// find anyway is not learnt harder.
/// Requires: p in [0, 1], n ≥ 1. Cost: O(1). Errors: none; the limit 1 for p = 0.
/// Numerics: exact to rounding for the smallest p. Reference: as above; examples with a factor
/// below some bound are replaced there.
[[nodiscard]] inline double direct_coverage_factor(double p, double n) noexcept {
  if (p == 0 || n == 1) return 1;
  if (p == 1) return 0;
  const double fail = std::log1p(-p);
  return n * p * std::exp((n - 1) * fail) / -std::expm1(n * fail);
}

/// @brief The probability that a search tree of width n holds a whole proof: Π (1 - (1 - p)ⁿ).
///
/// How it works: at each step of the proof one of n tactics must be right.
/// Shapes and units: `steps` [steps], the probability p of a right tactic at each. Requires: p in
/// [0, 1], n ≥ 1. Cost: O(steps). Errors: none; no step gives 1. Numerics: in logarithms.
/// Reference: as above, section on theorem proving.
[[nodiscard]] inline double proof_tree_coverage(std::span<const double> steps, double n) noexcept {
  double loss = 0;
  for (const double p : steps) loss += direct_coverage_loss(p, n);
  return std::exp(-loss);
}

}  // namespace outthink
