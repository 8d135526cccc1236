// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/selection.hpp>
#include <outthink/core/step_reduction.hpp>
#include <outthink/core/task.hpp>

#include <cstddef>

namespace outthink {

/// @brief Follows the most promising step to its end, and backtracks from what is not worth it.
///
/// How it works: draws `expand` next steps after a trace, drops repetitions and scores them; those
/// that score above `threshold` are continued, the best first, each with all that follows it before
/// the next. It ends when `solutions` are complete, `expansions` traces have been continued, or
/// nothing is left.
///
/// Requires: counts ≥ 1; a verifier whose scores of unfinished traces mean something.
/// Cost: at most `expansions · expand` generations and scorings, two rounds for each expansion.
/// Errors: `errc::invalid_argument` for counts below 1.
/// Determinism: of equal scores the earlier step is followed first.
/// Numerics: a step whose score is NaN is not continued.
/// Reference: S. Yao et al. 2023, arXiv:2305.10601 (Tree of Thoughts, algorithm 2).
struct depth_first_search {
  int expand = 3;                                   ///< next steps drawn after a trace
  float threshold = 0;                              ///< score up to which a trace is given up
  int expansions = 32;                              ///< traces continued in all
  int solutions = 1;                                ///< complete solutions after which it stops
  step_reduction reduction = step_reduction::last;  ///< what a trace is worth

  task<candidate_nodes> operator()(search auto& s) const {
    require(expand >= 1 && expansions >= 1 && solutions >= 1,
            "depth_first_search: expand, expansions and solutions must be at least 1");
    frontier stack{s.root()};
    for (int done = 0; done < expansions && !stack.empty(); ++done) {
      const node_id node = stack.back();
      stack.pop_back();
      const auto drawn = co_await s.extend(node, expand);
      const auto children = s.distinct(drawn);
      const auto scores = co_await s.score(children, reduction);
      s.retire(children);
      if (s.candidates().size() >= static_cast<std::size_t>(solutions)) break;
      const auto order = best_positions(scores, scores.size());
      for (std::size_t rank = order.size(); rank-- > 0;) {
        const bool worth = scores[order[rank]] > threshold;
        const node_id child = children[order[rank]];
        if (worth && s.tree().status(child) == node_status::open) stack.push_back(child);
      }
    }
    co_return s.candidates();
  }
};

}  // namespace outthink
