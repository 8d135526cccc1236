// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/analysis/pareto_front.hpp>
#include <outthink/core/error.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

namespace outthink {

namespace detail {

inline void check_curve(std::span<const cost_point> curve) {
  require(!curve.empty(), "accuracy curve: give at least one point");
  for (std::size_t i = 0; i < curve.size(); ++i) {
    require(curve[i].cost > 0 && std::isfinite(curve[i].cost) && std::isfinite(curve[i].accuracy),
            "accuracy curve: costs must be positive, and both coordinates finite");
    require(i == 0 || curve[i - 1].cost < curve[i].cost,
            "accuracy curve: points must be sorted by cost, no cost twice");
  }
}

}  // namespace detail

/// @brief The accuracy of a strategy at a cost between those that were measured.
///
/// How it works: straight lines over the logarithm of the cost, for budgets are doubled.
/// Shapes and units: `curve` by rising cost, of one strategy at several budgets.
/// Requires: positive costs. Cost: O(points). Errors: `errc::invalid_argument` for a curve that is
/// empty or not sorted. Numerics: NaN outside the costs that were measured: nothing is guessed.
[[nodiscard]] inline double accuracy_at(std::span<const cost_point> curve, double cost) {
  detail::check_curve(curve);
  for (std::size_t i = 0; i < curve.size(); ++i) {
    if (cost == curve[i].cost) return curve[i].accuracy;
    if (i == 0 || !(cost < curve[i].cost) || !(cost > curve[i - 1].cost)) continue;
    const cost_point &from = curve[i - 1], &to = curve[i];
    const double way = std::log(cost / from.cost) / std::log(to.cost / from.cost);
    return from.accuracy + way * (to.accuracy - from.accuracy);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

/// @brief The least cost at which a strategy reaches an accuracy.
///
/// How it works: where the line of `accuracy_at` first gets there. One strategy's over another's
/// says by how much it is cheaper at equal accuracy, as in "the same accuracy with 4 times fewer
/// tokens". Shapes, requirements, cost, errors: as above.
/// Numerics: the first cost if it is reached there already, so that a ratio of two such costs is a
/// bound only; infinity if it is never reached, NaN for an accuracy of NaN.
[[nodiscard]] inline double cost_to_reach(std::span<const cost_point> curve, double accuracy) {
  detail::check_curve(curve);
  if (accuracy != accuracy) return accuracy;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    if (curve[i].accuracy < accuracy) continue;
    if (i == 0) return curve[0].cost;
    const cost_point &from = curve[i - 1], &to = curve[i];
    const double way = (accuracy - from.accuracy) / (to.accuracy - from.accuracy);
    return from.cost * std::pow(to.cost / from.cost, way);
  }
  return std::numeric_limits<double>::infinity();
}

}  // namespace outthink
