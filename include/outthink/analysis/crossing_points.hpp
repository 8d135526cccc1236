// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/analysis/accuracy_curve.hpp>
#include <outthink/analysis/pareto_front.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace outthink {

/// Where one strategy overtakes another.
struct crossing_point {
  double cost = 0;
  bool second_leads = false;  ///< from this cost on; else the first does
};

/// @brief The costs at which two strategies change places, such as beam search falling behind
/// best-of-N.
///
/// How it works: both curves as straight lines over the logarithm of the cost; the difference of
/// two such lines has its zeros in closed form.
/// Shapes and units: curves as for `accuracy_at`; the result by rising cost.
/// Requires: nothing beyond. Cost: O(points²). Errors: `errc::invalid_argument` for a curve that is
/// empty or not sorted. Numerics: only costs that both were measured at, or between, count. Curves
/// that touch and part again do not cross; where they are level for a while, they cross at the end
/// of it. Crossings within the noise of the accuracies come and go: bootstrap them.
[[nodiscard]] inline std::vector<crossing_point> crossing_points(
    std::span<const cost_point> first, std::span<const cost_point> second) {
  detail::check_curve(first);
  detail::check_curve(second);
  const double from = std::max(first.front().cost, second.front().cost);
  const double to = std::min(first.back().cost, second.back().cost);
  std::vector<double> costs;
  for (const auto curve : {first, second}) {
    for (const cost_point& point : curve)
      if (point.cost >= from && point.cost <= to) costs.push_back(point.cost);
  }
  std::sort(costs.begin(), costs.end());
  std::vector<crossing_point> crossings;
  double leader = 0, before = 0;  // sign of the last difference that was not 0; the last one
  for (std::size_t i = 0; i < costs.size(); ++i) {
    double lead = accuracy_at(second, costs[i]) - accuracy_at(first, costs[i]);
    if (std::fabs(lead) < 1e-12) lead = 0;  // level, but for rounding
    if (leader * lead < 0) {
      const double way = before / (before - lead);
      crossings.push_back({costs[i - 1] * std::pow(costs[i] / costs[i - 1], way), lead > 0});
    }
    if (lead != 0) leader = lead > 0 ? 1 : -1;
    before = lead;
  }
  return crossings;
}

}  // namespace outthink
