// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/simulator/serving_cost.hpp>
#include <outthink/core/error.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>

namespace outthink::backends {

/// A measured step of a batch, or a measured reading.
struct timed_step {
  double batch = 1;    ///< sequences that a step writes side by side; 0: it was a reading
  double context = 0;  ///< tokens of all of them before the step, or those before what is read
  double read = 0;     ///< tokens that are read
  double seconds = 0;  ///< positive
};

namespace detail {

using three_weights = std::array<double, 3>;  // of the overhead, of computing, of reading memory

inline serving_machine machine_of(const three_weights& weights) noexcept {
  serving_machine made;
  made.step_overhead = weights[0];
  made.flops_per_second = 1 / weights[1];
  made.bytes_per_second = 1 / weights[2];
  return made;
}

inline double seconds_of(const timed_step& one, const serving_cost& cost) noexcept {
  return one.batch > 0 ? cost.step_seconds(one.batch, one.context)
                       : cost.prefill_seconds(one.read, one.context);
}

/// Solves the normal equations over the weights in `subset`, by Gauss and Jordan; the others are 0.
/// Nothing if they are not independent.
inline std::optional<three_weights> solve_subset(std::array<three_weights, 3> left,
                                                 three_weights right, unsigned subset) noexcept {
  const auto chosen = [subset](std::size_t i) { return (subset >> i & 1U) != 0; };
  const std::array<three_weights, 3> given = left;
  for (std::size_t i = 0; i < 3; ++i) {
    if (!chosen(i)) continue;
    if (!(left[i][i] > 1e-12 * given[i][i])) return std::nullopt;
    for (std::size_t j = 0; j < 3; ++j) {
      if (j == i || !chosen(j)) continue;
      const double factor = left[j][i] / left[i][i];
      for (std::size_t k = 0; k < 3; ++k) left[j][k] -= factor * left[i][k];
      right[j] -= factor * right[i];
    }
  }
  three_weights solved{};
  for (std::size_t i = 0; i < 3; ++i)
    if (chosen(i)) solved[i] = right[i] / left[i][i];
  return solved;
}

}  // namespace detail

/// @brief Finds the rates of a machine that explain measured steps.
///
/// How it works: the time that `serving_cost` says is linear in the overhead of a step and in the
/// inverse rates of computing and of reading memory. Least squares of the relative errors over
/// these three, none of them negative: every subset of them is tried, and the best solution without
/// a negative one wins.
/// Requires: steps of several batch sizes. Cost: O(steps). Errors: `errc::invalid_argument` without
/// steps. Determinism: a function of its arguments. Numerics: a rate that explains nothing is
/// infinite. The memory for keys and values is not fitted: it stays as in `serving_machine`.
[[nodiscard]] inline serving_machine fit_serving_machine(const transformer_shape& shape,
                                                         std::span<const timed_step> steps) {
  require(!steps.empty(), "fit_serving_machine: give at least one step");
  std::array<detail::three_weights, 3> products{};
  detail::three_weights sums{};
  for (const timed_step& one : steps) {
    detail::three_weights column{};
    for (std::size_t i = 0; i < 3; ++i) {
      detail::three_weights unit{};
      unit[i] = 1;
      column[i] = detail::seconds_of(one, {shape, detail::machine_of(unit)}) / one.seconds;
    }
    for (std::size_t i = 0; i < 3; ++i) {
      sums[i] += column[i];
      for (std::size_t j = 0; j < 3; ++j) products[i][j] += column[i] * column[j];
    }
  }
  serving_machine best;
  double least = std::numeric_limits<double>::infinity();
  for (unsigned subset = 1; subset < 8; ++subset) {
    const auto solved = detail::solve_subset(products, sums, subset);
    if (!solved || std::any_of(solved->begin(), solved->end(), [](double w) { return !(w >= 0); }))
      continue;
    const serving_machine machine = detail::machine_of(*solved);
    double error = 0;
    for (const timed_step& one : steps)
      error += std::pow(detail::seconds_of(one, {shape, machine}) / one.seconds - 1, 2);
    if (error < least) {
      least = error;
      best = machine;
    }
  }
  return best;
}

}  // namespace outthink::backends
