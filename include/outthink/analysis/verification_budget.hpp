// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>

namespace outthink {

/// How a budget is divided between solving and verifying.
struct verification_budget {
  double solutions = 1;
  double verifications = 0;  ///< of each solution; 0 is self-consistency

  /// What it costs, in solutions, where a verification costs `ratio` of one.
  [[nodiscard]] constexpr double cost(double ratio) const noexcept {
    return solutions * (1 + ratio * verifications);
  }
};

/// @brief Scales a division that was best for one budget to a budget `factor` times as large.
///
/// How it works: solutions grow with factor^0.57, verifications with factor^0.39, as a power law
/// fitted to the best divisions says.
/// Requires: a positive factor. The exponents are those of one model and task; fit your own on the
/// best divisions alone. They need not add up to 1. Cost: O(1). Errors: none.
/// Reference: N. Singhi et al. 2025, arXiv:2504.01005: Llama-3.1-8B with a fine-tuned generative
/// verifier on MATH; .75 and .32 for Qwen-2.5-7B.
[[nodiscard]] inline verification_budget scaled(const verification_budget& best, double factor,
                                                double solutions_exponent = 0.57,
                                                double verifications_exponent = 0.39) noexcept {
  return {best.solutions * std::pow(factor, solutions_exponent),
          best.verifications * std::pow(factor, verifications_exponent)};
}

}  // namespace outthink
