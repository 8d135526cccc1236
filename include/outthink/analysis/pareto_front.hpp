// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace outthink {

/// What a strategy cost, and what it achieved.
struct cost_point {
  double cost = 0;      ///< tokens, FLOPs, seconds or money, the smaller the better
  double accuracy = 0;  ///< the larger the better
};

/// @brief The strategies that none beats at their cost: their positions, by rising cost.
///
/// How it works: sorted by cost, each one that is more accurate than all that are cheaper.
/// Requires: nothing. Cost: O(n log n). Errors: none.
/// Numerics: a point with NaN is left out; of points that are equal in both the first is taken, so
/// that cost and accuracy rise strictly along the front.
[[nodiscard]] inline std::vector<std::size_t> pareto_front(std::span<const cost_point> points) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (points[i].cost == points[i].cost) order.push_back(i);
  std::sort(order.begin(), order.end(), [points](std::size_t a, std::size_t b) {
    if (points[a].cost != points[b].cost) return points[a].cost < points[b].cost;
    // NaN last among those of equal cost, so that it hides nothing.
    const bool unknown_a = points[a].accuracy != points[a].accuracy;
    const bool unknown_b = points[b].accuracy != points[b].accuracy;
    if (unknown_a != unknown_b) return unknown_b;
    if (!unknown_a && points[a].accuracy != points[b].accuracy)
      return points[a].accuracy > points[b].accuracy;
    return a < b;
  });
  std::vector<std::size_t> front;
  double best = -std::numeric_limits<double>::infinity();
  for (const std::size_t i : order) {
    if (!(points[i].accuracy > best)) continue;
    front.push_back(i);
    best = points[i].accuracy;
  }
  return front;
}

}  // namespace outthink
