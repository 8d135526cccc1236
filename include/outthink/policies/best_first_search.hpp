// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/step_reduction.hpp>
#include <outthink/core/task.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

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
    queue open({0.0F, s.root()});
    for (int done = 0; done < expansions && !open.empty();) {
      const frontier chosen = open.take(std::min(leaves, expansions - done));
      done += static_cast<int>(chosen.size());
      const auto drawn = co_await s.extend(chosen, expand);
      const auto children = s.distinct(drawn);
      const auto scores = co_await s.score(children, reduction);
      s.retire(children);
      if (s.candidates().size() >= static_cast<std::size_t>(solutions)) break;
      for (std::size_t i = 0; i < children.size(); ++i) {
        if (s.tree().status(children[i]) == node_status::open) open.add({scores[i], children[i]});
      }
    }
    co_return s.candidates();
  }

 private:
  struct entry {
    float score;
    node_id node;

    // Of equal scores the node that was created first comes first.
    friend bool operator<(const entry& a, const entry& b) noexcept {
      if (a.score < b.score || (a.score != a.score && b.score == b.score)) return true;
      if (b.score < a.score || (b.score != b.score && a.score == a.score)) return false;
      return a.node > b.node;
    }
  };

  class queue {
   public:
    explicit queue(entry first) : heap_{first} {}

    [[nodiscard]] bool empty() const noexcept { return heap_.empty(); }

    void add(entry one) {
      heap_.push_back(one);
      std::push_heap(heap_.begin(), heap_.end());
    }

    frontier take(int count) {
      frontier best;
      while (!heap_.empty() && static_cast<int>(best.size()) < count) {
        std::pop_heap(heap_.begin(), heap_.end());
        best.push_back(heap_.back().node);
        heap_.pop_back();
      }
      return best;
    }

   private:
    std::vector<entry> heap_;
  };
};

}  // namespace outthink
