// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace outthink {

/// What an arm gained on one problem of a bin, such as 1 for a right answer.
struct arm_trial {
  std::size_t bin = 0;
  std::size_t arm = 0;
  double gain = 0;
};

/// @brief The arm of the largest mean gain in each bin: what `compute_optimal` is told.
///
/// Requires: bins and arms of the trials below `bins` and `arms`, arms ≥ 1.
/// Cost: O(trials + bins · arms). Errors: `errc::invalid_argument` for a trial out of range.
/// Numerics: of equal means the earlier arm is taken, so put the cheaper first; arms that were not
/// tried in a bin are not taken there. A bin without trials gets the arm that is best over all.
[[nodiscard]] inline std::vector<std::size_t> best_arms(std::span<const arm_trial> trials,
                                                        std::size_t bins, std::size_t arms) {
  const std::size_t everywhere = bins;  // one more row, for all bins together
  std::vector<double> sums((bins + 1) * arms), counts(sums.size());
  for (const arm_trial& one : trials) {
    require(one.bin < bins && one.arm < arms, "best_arms: a trial's bin or arm is out of range");
    for (const std::size_t row : {one.bin, everywhere}) {
      sums[row * arms + one.arm] += one.gain;
      counts[row * arms + one.arm] += 1;
    }
  }
  const auto best_of = [&](std::size_t row) {
    std::size_t best = arms;
    double most = -std::numeric_limits<double>::infinity();
    for (std::size_t arm = 0; arm < arms; ++arm) {
      const double mean = sums[row * arms + arm] / counts[row * arms + arm];  // NaN: not tried
      if (mean > most) best = arm, most = mean;
    }
    return best;
  };
  std::vector<std::size_t> chosen(bins);
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const std::size_t own = best_of(bin), fallback = best_of(everywhere);
    chosen[bin] = own < arms ? own : fallback < arms ? fallback : 0;
  }
  return chosen;
}

}  // namespace outthink
