// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace outthink {

/// @brief Positions of the `count` largest scores, best first.
///
/// Requires: nothing; fewer than `count` scores give all positions, no score gives none.
/// Cost: O(n log n). Errors: `std::bad_alloc`.
/// Numerics: equal scores keep their order, the earlier first; NaN ranks below everything.
[[nodiscard]] inline std::vector<std::size_t> best_positions(std::span<const float> scores,
                                                             std::size_t count) {
  std::vector<std::size_t> order(scores.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto better = [scores](std::size_t a, std::size_t b) {
    const bool a_counts = scores[a] == scores[a], b_counts = scores[b] == scores[b];
    if (a_counts != b_counts) return a_counts;
    if (a_counts && scores[a] != scores[b]) return scores[a] > scores[b];
    return a < b;
  };
  const std::size_t kept = std::min(count, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(),
                    better);
  order.resize(kept);
  return order;
}

}  // namespace outthink
