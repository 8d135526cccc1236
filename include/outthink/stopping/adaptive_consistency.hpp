// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/gamma_distribution.hpp>
#include <outthink/stopping/vote_counts.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace outthink {

/// @brief Stops when the leading answer is probably ahead of the second for good.
///
/// How it works: with a votes for the leader, b for the second and a uniform prior, the leader's
/// share of the two is above one half with probability P(Beta(a + 1, b + 1) > 1/2) = P(Binomial(a +
/// b + 1, 1/2) ≤ a); it stops when that reaches `confidence`.
///
/// Requires: confidence in (0, 1]. Cost: O(votes + b). Errors: `std::bad_alloc`.
/// Determinism: the votes decide.
/// Numerics: within 1e-12 of the probability. Asked after every vote it errs more often than
/// 1 - confidence, as every sequential test does that does not count its looks.
/// Reference: P. Aggarwal et al. 2023, arXiv:2305.11860 (the Beta criterion; the published default
/// is .95 with at most 40 samples).
struct adaptive_consistency {
  double confidence = 0.95;  ///< that the leader stays ahead, at which it stops

  [[nodiscard]] bool operator()(std::span<const std::uint32_t> votes) const {
    std::size_t leader = 0, second = 0;
    for (const std::size_t count : vote_counts(votes)) {
      if (count > leader) {
        second = leader;
        leader = count;
      } else if (count > second) {
        second = count;
      }
    }
    return leader > 0 && chance_to_lead(leader, second) >= confidence;
  }

  /// P(Beta(leader + 1, second + 1) > 1/2).
  [[nodiscard]] static double chance_to_lead(std::size_t leader, std::size_t second) noexcept {
    // The upper tail of the binomial is its lower one, mirrored.
    const auto n = static_cast<double>(leader + second + 1);
    double tail = 0;
    for (std::size_t k = 0; k <= second; ++k) {
      const auto chosen = static_cast<double>(k);
      tail += std::exp(kernels::log_gamma(n + 1) - kernels::log_gamma(chosen + 1) -
                       kernels::log_gamma(n - chosen + 1) - n * std::log(2.0));
    }
    return 1 - tail;
  }
};

}  // namespace outthink
