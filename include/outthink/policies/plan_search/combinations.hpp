// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace outthink {

/// Observations that a solution builds on.
using observation_set = std::vector<std::string>;

/// @brief All sets of at most `most` of the items, the empty one included.
///
/// Sizes ascend; within one, sets are in lexical order of positions: of n items and `most` 2 there
/// are 1 + n + n (n - 1) / 2.
/// Cost: that of the result. Errors: `std::bad_alloc`.
[[nodiscard]] inline std::vector<observation_set> combinations(const observation_set& items,
                                                               std::size_t most) {
  // Of the last size, each with the position from which on items may be added.
  std::vector<std::pair<observation_set, std::size_t>> last{{{}, 0}};
  std::vector<observation_set> all{{}};
  for (std::size_t size = 1; size <= most && !last.empty(); ++size) {
    std::vector<std::pair<observation_set, std::size_t>> larger;
    for (const auto& [set, from] : last) {
      for (std::size_t i = from; i < items.size(); ++i) {
        larger.emplace_back(set, i + 1);
        larger.back().first.push_back(items[i]);
        all.push_back(larger.back().first);
      }
    }
    last = std::move(larger);
  }
  return all;
}

}  // namespace outthink
