// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/analysis/pareto_front.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/selection.hpp>

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace outthink {

/// @brief The accuracy of two models behind a router, against the share of problems that it gives
/// to the stronger one.
///
/// How it works: problems go to the stronger model in the order of their scores; each threshold is
/// a point, from none to all.
/// Shapes and units: `scores` [n], the larger the more the stronger model is needed; `weak` and
/// `strong` [n], what each model gains on the problem, such as 1 for right. The result: `cost` is
/// the share of problems given to the stronger, from 0 to 1.
/// Requires: as many of each, n ≥ 1. Cost: O(n log n). Errors: `errc::invalid_argument` for
/// anything else. Numerics: problems of equal score go together, so that a constant score gives the
/// two ends alone, and the straight line of a random router between; NaN goes last.
/// Reference: I. Ong et al. 2024 (RouteLLM), arXiv:2406.18665.
[[nodiscard]] inline std::vector<cost_point> routing_curve(std::span<const float> scores,
                                                           std::span<const double> weak,
                                                           std::span<const double> strong) {
  require(!scores.empty() && scores.size() == weak.size() && scores.size() == strong.size(),
          "routing_curve: give a score and both models' gains for each problem");
  const auto n = static_cast<double>(scores.size());
  const auto order = best_positions(scores, scores.size());
  double gained = 0;
  for (const double one : weak) gained += one;
  std::vector<cost_point> curve{{0, gained / n}};
  for (std::size_t i = 0; i < order.size(); ++i) {
    const float score = scores[order[i]];
    gained += strong[order[i]] - weak[order[i]];
    const float next = i + 1 < order.size() ? scores[order[i + 1]] : 0;
    const bool tied = next == score || (next != next && score != score);
    if (i + 1 == order.size() || !tied)
      curve.push_back({static_cast<double>(i + 1) / n, gained / n});
  }
  return curve;
}

/// @brief The average share of the gap between two models that a router closes: APGR.
///
/// How it works: (area below the curve - weak) / (strong - weak): 1/2 for a random router, 1 for
/// one that needs almost no call. One whose models are right on different problems can exceed 1.
/// Shapes and units: a curve of `routing_curve`. Requires: its two ends. Cost: O(points). Errors:
/// `errc::invalid_argument` for fewer than two points. Numerics: NaN if both models are as good.
/// Reference: as above, by the trapezoid over 10 thresholds; here over all of them.
[[nodiscard]] inline double average_gap_recovered(std::span<const cost_point> curve) {
  require(curve.size() >= 2, "average_gap_recovered: a routing curve has two points at least");
  const double weak = curve.front().accuracy, gap = curve.back().accuracy - weak;
  double area = 0;
  for (std::size_t i = 1; i < curve.size(); ++i) {
    area += (curve[i].cost - curve[i - 1].cost) *
            ((curve[i].accuracy + curve[i - 1].accuracy) / 2 - weak);
  }
  return gap != 0 ? area / gap : std::numeric_limits<double>::quiet_NaN();
}

/// @brief The least share of calls to the stronger model with which a router closes a share of the
/// gap: CPT(50 %) is `calls_to_recover(curve, 0.5)`.
///
/// How it works: where the curve first gets there, on the line between two of its points.
/// Requirements, cost, errors: as above. Numerics: infinity if it never does, which happens only
/// above 1; NaN if both models are as good. Reference: as above.
[[nodiscard]] inline double calls_to_recover(std::span<const cost_point> curve, double share) {
  require(curve.size() >= 2, "calls_to_recover: a routing curve has two points at least");
  const double weak = curve.front().accuracy, gap = curve.back().accuracy - weak;
  if (gap == 0 || share != share) return std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 0; i < curve.size(); ++i) {
    const double recovered = (curve[i].accuracy - weak) / gap;
    if (recovered < share) continue;
    if (i == 0) return 0;
    const double before = (curve[i - 1].accuracy - weak) / gap;
    const double way = (share - before) / (recovered - before);
    return curve[i - 1].cost + way * (curve[i].cost - curve[i - 1].cost);
  }
  return std::numeric_limits<double>::infinity();
}

}  // namespace outthink
