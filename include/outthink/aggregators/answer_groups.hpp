// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/candidate.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace outthink::detail {

/// For every candidate, the position of the first one with the same answer.
inline std::vector<std::size_t> group_by_answer(std::span<const candidate> candidates) {
  std::vector<std::size_t> order(candidates.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [candidates](std::size_t a, std::size_t b) {
    const int compared = candidates[a].answer.compare(candidates[b].answer);
    return compared != 0 ? compared < 0 : a < b;
  });
  std::vector<std::size_t> first(candidates.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool joins = i > 0 && candidates[order[i]].answer == candidates[order[i - 1]].answer;
    first[order[i]] = joins ? first[order[i - 1]] : order[i];
  }
  return first;
}

}  // namespace outthink::detail
