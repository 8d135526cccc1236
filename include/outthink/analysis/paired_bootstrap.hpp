// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/analysis/bootstrap_interval.hpp>
#include <outthink/analysis/interval.hpp>
#include <outthink/core/error.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace outthink {

/// How much better the second of two strategies is.
struct paired_difference {
  double difference = 0;  ///< mean of the second less mean of the first
  interval range{};       ///< where it lies, by the bootstrap over problems
  double p_value = 1;     ///< how often chance alone gives as large a difference, either way
};

/// @brief Compares two strategies that were run on the same problems: the paired bootstrap.
///
/// How it works: the difference on each problem, averaged over seeds; problems are drawn with
/// replacement. What makes a problem hard for both cancels, so that far smaller differences show
/// than between two intervals. The p-value is the share of resamples in which the difference is off
/// by as much as the observed one is from 0.
/// Shapes and units: `first` and `second` [problems][seeds], row by row, the same problems in the
/// same order. Requires: as many of both, seeds ≥ 1 that divide their number.
/// Cost: O(resamples · problems). Errors: `errc::invalid_argument` for anything else, NaN included.
/// Determinism: a function of the arguments, on every machine. Numerics: the smallest p-value is
/// 1 / (resamples + 1). Test against a difference that you expected; of many strategies compared
/// one is "significant" by chance.
/// Reference: B. Efron, R. Tibshirani 1993, "An introduction to the bootstrap", section 16.4.
[[nodiscard]] inline paired_difference paired_bootstrap(std::span<const double> first,
                                                        std::span<const double> second,
                                                        std::size_t seeds = 1,
                                                        const bootstrap_options& options = {}) {
  require(first.size() == second.size() && seeds >= 1 && first.size() % seeds == 0,
          "paired_bootstrap: give both strategies' values for each seed of the same problems");
  std::vector<double> differences(first.size() / seeds);
  double mean = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const double difference = second[i] - first[i];
    require(!std::isnan(difference), "paired_bootstrap: NaN is no result; say what it stands for");
    differences[i / seeds] += difference / static_cast<double>(seeds);
    mean += difference / static_cast<double>(first.size());
  }
  // Rounding must not part differences that are equal.
  const double as_large = std::fabs(mean) * (1 - 1e-9);
  double larger = 1;
  const interval range = bootstrap_interval(
      differences.size(),
      [&](std::span<const std::uint32_t> drawn) {
        double sum = 0;
        for (const std::uint32_t i : drawn) sum += differences[i];
        const double resampled = sum / static_cast<double>(drawn.size());
        if (std::fabs(resampled - mean) >= as_large) larger += 1;
        return resampled;
      },
      options);
  return {mean, range, larger / (static_cast<double>(options.resamples) + 1)};
}

}  // namespace outthink
