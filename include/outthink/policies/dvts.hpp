// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/step_reduction.hpp>
#include <outthink/core/task.hpp>
#include <outthink/kernels/argmax.hpp>

#include <cstddef>
#include <span>

namespace outthink {

/// @brief Diverse verifier tree search: greedy searches side by side that do not compete.
///
/// How it works: `subtrees` independent subtrees. Each draws `expand` next steps, keeps the one
/// with the best score and goes on from it, until that one has ended. All solutions that ended in a
/// subtree become candidates, so that the final vote is as wide as the search.
///
/// Requires: all options ≥ 1; a verifier whose scores of unfinished traces mean something.
/// Cost: at most `subtrees · expand` generations and scorings per round, `max_steps` rounds.
/// Errors: `errc::invalid_argument` for options below 1.
/// Determinism: of equal scores the earlier step is kept.
/// Reference: E. Beeching, L. Tunstall, S. Rush 2024, "Scaling test-time compute with open models",
/// with N = subtrees · expand and M = expand. Repetitions keep their votes here, and a subtree ends
/// with its best step, where search-and-learn draws its last step anew.
/// Example: examples/quickstart.cpp.
struct dvts {
  int subtrees = 4;                                 ///< independent searches
  int expand = 4;                                   ///< next steps drawn in each
  int max_steps = 40;                               ///< rounds
  step_reduction reduction = step_reduction::last;  ///< what a partial solution is ranked by

  task<candidate_nodes> operator()(search auto& s) const {
    require(subtrees >= 1 && expand >= 1 && max_steps >= 1,
            "dvts: subtrees, expand and max_steps must be at least 1");
    const auto each = static_cast<std::size_t>(expand);
    frontier ends{s.root()};
    int samples = subtrees * expand;
    for (int step = 0; step < max_steps && !ends.empty(); ++step) {
      const auto children = co_await s.extend(ends, samples);
      const auto scores = co_await s.score(children, reduction);
      s.retire(children);
      ends.clear();
      for (std::size_t first = 0; first < children.size(); first += each) {
        const node_id best =
            best_of(children.subrange(first, each), std::span(scores).subspan(first, each));
        if (s.tree().status(best) == node_status::open) ends.push_back(best);
      }
      samples = expand;
    }
    co_return s.candidates();
  }

 private:
  static node_id best_of(node_range nodes, std::span<const float> scores) {
    const std::size_t best = kernels::argmax(scores).token;
    return nodes[best == kernels::no_token ? 0 : best];
  }
};

}  // namespace outthink
