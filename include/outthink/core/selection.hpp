// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace outthink {

/// @brief Positions of the `count` largest scores, best first.
///
/// How it works: insertion into a sorted list of the best so far; most scores fail the first
/// comparison.
/// Requires: nothing; fewer than `count` scores give all positions, no score gives none.
/// Cost: O(n) for scores in random order and a small count; O(n · count) at worst.
/// Errors: `std::bad_alloc`.
/// Numerics: equal scores keep their order, the earlier first; NaN ranks below everything.
[[nodiscard]] inline std::vector<std::size_t> best_positions(std::span<const float> scores,
                                                             std::size_t count) {
  const auto better = [scores](std::size_t a, std::size_t b) {
    return scores[a] > scores[b] || (scores[a] == scores[a] && scores[b] != scores[b]);
  };
  std::vector<std::size_t> best;
  best.reserve(std::min(count, scores.size()));
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const bool full = best.size() >= count;
    if (count == 0 || (full && !better(i, best.back()))) continue;
    if (full) best.pop_back();
    best.insert(std::upper_bound(best.begin(), best.end(), i, better), i);
  }
  return best;
}

}  // namespace outthink
