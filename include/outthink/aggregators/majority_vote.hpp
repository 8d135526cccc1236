// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/aggregators/answer_groups.hpp>
#include <outthink/concepts/aggregator.hpp>
#include <outthink/core/candidate.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace outthink {

/// @brief Chooses the answer that most solutions give: the last word of self-consistency.
///
/// Requires: nothing; candidates with an empty answer do not vote, unless all are empty, which
/// chooses nothing.
/// Cost: O(n) expected. Errors: none.
/// Confidence: the winner's share of the votes.
/// Numerics: of answers with equally many votes the one given first wins; its first solution is the
/// representative.
/// Reference: X. Wang et al. 2022, arXiv:2203.11171.
/// Example: examples/self_consistency.cpp.
struct majority_vote {
  [[nodiscard]] decision operator()(std::span<const candidate> candidates) const {
    const std::vector<std::size_t> group = detail::group_by_answer(candidates);
    std::vector<std::size_t> votes(candidates.size());
    std::size_t cast = 0;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (candidates[i].answer.empty()) continue;
      ++votes[group[i]];
      ++cast;
    }
    decision winner;
    for (std::size_t i = 0; i < votes.size(); ++i) {
      if (votes[i] == 0 || (winner.chosen != outcome::none && votes[i] <= votes[winner.chosen]))
        continue;
      winner = {i, static_cast<double>(votes[i]) / static_cast<double>(cast)};
    }
    return winner;
  }
};

}  // namespace outthink
