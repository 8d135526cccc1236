// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/aggregators/weighted_vote.hpp>
#include <outthink/concepts/aggregator.hpp>
#include <outthink/core/candidate.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/step_reduction.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace outthink {

/// @brief Votes within groups of solutions, then among the groups' winners: the selection for
/// chains of revisions.
///
/// How it works: every `group` candidates in a row are one group, a chain of revisions for
/// instance. In each, `weighted_vote` chooses an answer and its best-scored solution; a second
/// `weighted_vote` chooses among those, so that a chain which repeats itself does not outvote the
/// others.
/// Requires: a positive group; the last group may be smaller. For a majority without scores pool
/// all with `majority_vote` instead, as the reference does.
/// Cost: O(n) expected, and a copy of the winners. Errors: `errc::invalid_argument` for a group of
/// 0.
/// Confidence: the winner's share of the weight of the groups' winners.
/// Numerics: as `weighted_vote`. Reference: C. Snell et al. 2024, arXiv:2408.03314, section 6.
struct hierarchical_vote {
  std::size_t group = 4;                            ///< candidates of a group, ≥ 1
  step_reduction reduction = step_reduction::last;  ///< how steps become one score

  [[nodiscard]] decision operator()(std::span<const candidate> candidates) const {
    require(group > 0, "hierarchical_vote: group must be positive");
    const weighted_vote vote{reduction};
    std::vector<candidate> winners;
    std::vector<std::size_t> positions;
    for (std::size_t begin = 0; begin < candidates.size();) {
      const auto members = candidates.subspan(begin, std::min(group, candidates.size() - begin));
      const std::size_t chosen = vote(members).chosen;
      if (chosen != outcome::none) {
        positions.push_back(begin + chosen);
        winners.push_back(members[chosen]);
      }
      begin += members.size();
    }
    decision made = vote(winners);
    if (made.chosen != outcome::none) made.chosen = positions[made.chosen];
    return made;
  }
};

}  // namespace outthink
