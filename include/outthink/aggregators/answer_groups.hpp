// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/candidate.hpp>
#include <outthink/core/random_stream.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace outthink::detail {

/// For every candidate, the position of the first one with the same answer.
///
/// How it works: a hash table of the candidates that are the first of theirs; answers with the same
/// hash are compared. Cost: O(candidates) expected.
inline std::vector<std::size_t> group_by_answer(std::span<const candidate> candidates) {
  constexpr std::size_t kFree = static_cast<std::size_t>(-1);
  std::size_t slots = 4;
  while (slots < 2 * candidates.size()) slots *= 2;
  struct slot {
    std::uint64_t hash;
    std::size_t position;
  };
  std::vector<slot> table(slots, {0, kFree});
  std::vector<std::size_t> first(candidates.size());
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const std::string_view answer = candidates[i].vote();
    const std::uint64_t hash = hash_text(answer);
    std::size_t at = hash & (slots - 1);
    while (table[at].position != kFree &&
           (table[at].hash != hash || candidates[table[at].position].vote() != answer)) {
      at = (at + 1) & (slots - 1);
    }
    if (table[at].position == kFree) table[at] = {hash, i};
    first[i] = table[at].position;
  }
  return first;
}

}  // namespace outthink::detail
