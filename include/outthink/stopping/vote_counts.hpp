// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace outthink {

/// How many votes each answer has, by its number. Requires: numbers counted up from 0 by first
/// appearance. Cost: O(votes).
[[nodiscard]] inline std::vector<std::size_t> vote_counts(std::span<const std::uint32_t> votes) {
  std::vector<std::size_t> counts;
  for (const std::uint32_t vote : votes) {
    if (vote >= counts.size()) counts.resize(vote + std::size_t{1});
    ++counts[vote];
  }
  return counts;
}

}  // namespace outthink
