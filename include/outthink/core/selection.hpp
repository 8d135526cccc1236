// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace outthink {

namespace detail {

/// So many are kept in order by insertion sooner than in a heap.
inline constexpr std::size_t few_sorted = 16;

}  // namespace detail

/// @brief Writes the positions of the largest scores, best first; returns how many.
///
/// How it works: the best so far are kept, few of them in order, many in a heap with the worst on
/// top; most scores fail the first comparison.
/// Shapes and units: `scores` [n], `positions` [count].
/// Requires: nothing; fewer than `count` scores give all positions, no score gives none.
/// Cost: O(n + count log count) for scores in random order, O(n log count) at worst; no allocation.
/// Errors: none. Determinism: the same positions on every machine.
/// Numerics: equal scores keep their order, the earlier first; NaN ranks below everything.
inline std::size_t best_positions(std::span<const float> scores,
                                  std::span<std::size_t> positions) noexcept {
  // Positions break ties, so that no two compare equal and a heap is as stable as an insertion.
  const auto better = [scores](std::size_t a, std::size_t b) {
    const float x = scores[a], y = scores[b];
    if (x > y || (x == x && y != y)) return true;
    return (x == y || (x != x && y != y)) && a < b;
  };
  const std::size_t count = std::min(positions.size(), scores.size());
  const auto best = positions.first(count);
  if (count == 0) return 0;
  if (count <= detail::few_sorted) {
    for (std::size_t i = 0; i < scores.size(); ++i) {
      std::size_t at = i;
      if (i >= count) {
        at = count - 1;
        if (!better(i, best[at])) continue;
      }
      for (; at > 0 && better(i, best[at - 1]); --at) best[at] = best[at - 1];
      best[at] = i;
    }
    return count;
  }
  for (std::size_t i = 0; i < count; ++i) best[i] = i;
  std::make_heap(best.begin(), best.end(), better);
  for (std::size_t i = count; i < scores.size(); ++i) {
    if (!better(i, best.front())) continue;
    std::pop_heap(best.begin(), best.end(), better);
    best.back() = i;
    std::push_heap(best.begin(), best.end(), better);
  }
  std::sort_heap(best.begin(), best.end(), better);
  return count;
}

/// The positions of the `count` largest scores, best first, in memory of their own: throws
/// `std::bad_alloc`.
[[nodiscard]] inline std::vector<std::size_t> best_positions(std::span<const float> scores,
                                                             std::size_t count) {
  std::vector<std::size_t> positions(std::min(count, scores.size()));
  best_positions(scores, positions);
  return positions;
}

}  // namespace outthink
