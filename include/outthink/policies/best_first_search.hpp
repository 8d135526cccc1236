// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/score_queue.hpp>
#include <outthink/core/step_reduction.hpp>
#include <outthink/core/task.hpp>

#include <algorithm>
#include <cstddef>

namespace outthink {

/// @brief Continues the best partial solution found anywhere so far, whatever its depth.
///
/// How it works: a queue of open traces ordered by score, at first the problem alone. A round takes
/// the `leaves` best, draws `expand` next steps after each, drops repetitions, scores them and
/// queues the open ones; until `solutions` are complete, `expansions` traces have been continued,
/// or the queue is empty. A trace is continued once.
///
/// Requires: counts ≥ 1; a verifier whose scores of traces of different length can be compared.
/// Cost: at most `expansions · expand` generations and scorings, in about `expansions / leaves`
/// rounds; O(log nodes) for the queue per node.
/// Errors: `errc::invalid_argument` for options below 1.
/// Determinism: of equal scores the earlier drawn is continued first.
/// Numerics: a trace whose score is NaN is continued after all others.
/// Reference: E. Hart, N. Nilsson, B. Raphael 1968 (best-first search); J. Y. Koh et al. 2024,
/// arXiv:2407.01476, over steps, with the child's own score as its priority.
struct best_first_search {
  int expansions = 32;                              ///< traces continued in all
  int expand = 4;                                   ///< next steps drawn after a trace
  int leaves = 1;                                   ///< traces continued in one round
  int solutions = 4;                                ///< complete solutions after which it stops
  step_reduction reduction = step_reduction::last;  ///< what a trace is worth

  task<candidate_nodes> operator()(search auto& s) const {
    require(expansions >= 1 && expand >= 1 && leaves >= 1 && solutions >= 1,
            "best_first_search: expansions, expand, leaves and solutions must be at least 1");
    score_queue<node_id> open;
    open.add(0, s.root());
    for (int done = 0; done < expansions && !open.empty();) {
      const frontier chosen = take(open, std::min(leaves, expansions - done));
      done += static_cast<int>(chosen.size());
      const auto drawn = co_await s.extend(chosen, expand);
      const auto children = s.distinct(drawn);
      const auto scores = co_await s.score(children, reduction);
      s.retire(children);
      if (s.candidates().size() >= static_cast<std::size_t>(solutions)) break;
      for (std::size_t i = 0; i < children.size(); ++i) {
        if (s.tree().status(children[i]) == node_status::open) open.add(scores[i], children[i]);
      }
    }
    co_return s.candidates();
  }

 private:
  static frontier take(score_queue<node_id>& open, int count) {
    frontier best;
    best.reserve(std::min(open.size(), static_cast<std::size_t>(count)));
    for (; count > 0 && !open.empty(); --count) best.push_back(open.take());
    return best;
  }
};

}  // namespace outthink
