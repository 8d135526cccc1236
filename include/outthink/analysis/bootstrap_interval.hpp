// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/analysis/interval.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/random_stream.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace outthink {

/// How many resamples are drawn, and what is read from them.
struct bootstrap_options {
  double level = 0.95;               ///< share of the resamples inside the interval, in (0, 1)
  std::uint32_t resamples = 10'000;  ///< at least 1
  std::uint64_t seed = 0;
};

namespace detail {

/// The value that the share p of the sorted values lies below, linear between neighbours.
[[nodiscard]] inline double quantile_of_sorted(std::span<const double> sorted, double p) noexcept {
  const double place = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace detail

/// @brief Confidence interval of any statistic over problems: the percentile bootstrap.
///
/// How it works: as many problems as there are, drawn with replacement; `statistic` of those; the
/// middle `level` of what it gives over all resamples.
/// Shapes and units: `problems` counts them; `statistic(drawn)` gets their positions, as a
/// `std::span<const std::uint32_t>`, some of them several times, and returns a number.
/// Requires: problems ≥ 1 and below 2³². A problem that was run with several seeds is one problem:
/// its statistic averages over them (see `bootstrap_mean`).
/// Cost: resamples · (problems + the statistic). Errors: `errc::invalid_argument` outside the
/// ranges; what the statistic throws. Determinism: a function of the arguments, on every machine.
/// Numerics: resamples whose statistic is NaN, such as an AUC without a wrong answer, are left out;
/// NaN for both ends if all are. Too narrow for few problems: below 20 or so, and near 0 and 1, use
/// `wilson_interval` where a share of problems is meant.
/// Reference: B. Efron 1979, "Bootstrap methods: another look at the jackknife".
template <class Statistic>
[[nodiscard]] interval bootstrap_interval(std::size_t problems, Statistic&& statistic,
                                          const bootstrap_options& options = {}) {
  require(problems >= 1 && problems <= std::numeric_limits<std::uint32_t>::max(),
          "bootstrap_interval: give at least one problem");
  require(options.resamples >= 1 && options.level > 0 && options.level < 1,
          "bootstrap_interval: the level must lie between 0 and 1, resamples be at least 1");
  std::vector<std::uint32_t> drawn(problems);
  std::vector<double> values;
  values.reserve(options.resamples);
  for (std::uint32_t resample = 0; resample < options.resamples; ++resample) {
    random_stream random({.key = options.seed, .place = resample});
    for (std::uint32_t& one : drawn) one = random.below(static_cast<std::uint32_t>(problems));
    const double value = statistic(std::span<const std::uint32_t>(drawn));
    if (!std::isnan(value)) values.push_back(value);
  }
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  if (values.empty()) return {kNone, kNone};
  std::sort(values.begin(), values.end());
  const double tail = (1 - options.level) / 2;
  return {detail::quantile_of_sorted(values, tail), detail::quantile_of_sorted(values, 1 - tail)};
}

/// @brief Confidence interval of a mean over problems, each run with `seeds` seeds.
///
/// How it works: the bootstrap over problems, each with the mean of its seeds. That counts the
/// spread over problems and over seeds, once; drawing seeds anew as well would count the seeds'
/// twice.
/// Shapes and units: `values` [problems][seeds], row by row. Requires: at least one problem, seeds
/// ≥ 1 that divide the number of values. Cost, determinism: as above. Errors:
/// `errc::invalid_argument` for anything else, NaN included.
/// Reference: E. Miller 2024, "Adding error bars to evals", arXiv:2411.00640, on clusters.
[[nodiscard]] inline interval bootstrap_mean(std::span<const double> values, std::size_t seeds = 1,
                                             const bootstrap_options& options = {}) {
  require(seeds >= 1 && values.size() % seeds == 0,
          "bootstrap_mean: give a value for each seed of each problem");
  std::vector<double> means(values.size() / seeds);
  for (std::size_t i = 0; i < values.size(); ++i) {
    require(!std::isnan(values[i]), "bootstrap_mean: NaN is no result; say what it stands for");
    means[i / seeds] += values[i] / static_cast<double>(seeds);
  }
  return bootstrap_interval(
      means.size(),
      [&means](std::span<const std::uint32_t> drawn) {
        double sum = 0;
        for (const std::uint32_t i : drawn) sum += means[i];
        return sum / static_cast<double>(drawn.size());
      },
      options);
}

/// @brief Confidence interval of a mean over seeds, for these very problems and no others.
///
/// How it works: within each problem as many seeds as there are, drawn with replacement. It says
/// how far the table would move if it were run again, not how far the accuracy holds elsewhere.
/// Shapes, requirements, cost, errors, determinism: as above. Numerics: few seeds make it too
/// narrow, by the factor sqrt(1 - 1 / seeds); with one seed it is a point.
[[nodiscard]] inline interval bootstrap_seeds(std::span<const double> values, std::size_t seeds,
                                              const bootstrap_options& options = {}) {
  require(seeds >= 1 && values.size() % seeds == 0,
          "bootstrap_seeds: give a value for each seed of each problem");
  for (const double value : values)
    require(!std::isnan(value), "bootstrap_seeds: NaN is no result; say what it stands for");
  return bootstrap_interval(
      values.size(),
      [values, seeds](std::span<const std::uint32_t> drawn) {
        double sum = 0;
        for (std::size_t i = 0; i < drawn.size(); ++i)
          sum += values[i - i % seeds + drawn[i] % seeds];
        return sum / static_cast<double>(drawn.size());
      },
      options);
}

}  // namespace outthink
