// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/step_reduction.hpp>
#include <outthink/core/task.hpp>
#include <outthink/kernels/softmax_allocation.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace outthink {

/// @brief Reward-balanced search: every partial solution is continued as often as its score earns.
///
/// How it works: draw `width` first steps; score them; share `width` continuations out among the
/// open ones by the softmax of score / temperature, rounded up from the best downwards; and so on.
/// A solution that has ended, or was cut, takes its part of the width with it, so that the search
/// ends with `width` solutions unless `max_steps` rounds are over first.
///
/// Requires: counts ≥ 1, temperature > 0; a verifier whose scores of unfinished traces mean
/// something. Cost: at most `width` generations and scorings per round, `max_steps` rounds.
/// Errors: `errc::invalid_argument` for options out of range.
/// Determinism: of equal scores the earlier trace gets the larger part.
/// Reference: Y. Wu et al. 2024, arXiv:2408.00724. The parts sum to the width exactly, where the
/// published code's running subtraction can exceed it by rounding.
struct rebase {
  int width = 16;                                   ///< continuations drawn in a round
  float temperature = 0.2F;                         ///< of the shares; small: the best takes all
  int max_steps = 40;                               ///< rounds
  step_reduction reduction = step_reduction::last;  ///< what a partial solution is ranked by

  task<candidate_nodes> operator()(search auto& s) const {
    require(width >= 1 && max_steps >= 1 && temperature > 0,
            "rebase: width and max_steps must be at least 1, temperature above 0");
    frontier parents(static_cast<std::size_t>(width), s.root());
    for (int step = 0; step < max_steps && !parents.empty(); ++step) {
      const auto children = co_await s.extend(parents, 1);
      const auto scores = co_await s.score(children, reduction);
      s.retire(children);
      parents = shared_out(s.tree(), children, scores);
    }
    co_return s.candidates();
  }

 private:
  // The open ones of `nodes`, each as often as its share of their number.
  [[nodiscard]] frontier shared_out(const auto& tree, node_range nodes,
                                    std::span<const float> scores) const {
    frontier open;
    std::vector<float> worth;
    open.reserve(nodes.size());
    worth.reserve(nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (tree.status(nodes[i]) != node_status::open) continue;
      open.push_back(nodes[i]);
      worth.push_back(scores[i]);
    }
    std::vector<std::uint32_t> copies(open.size());
    std::vector<std::size_t> order(open.size());
    std::vector<double> scratch(open.size());
    kernels::softmax_allocation(worth, temperature, static_cast<std::uint32_t>(open.size()), copies,
                                order, scratch);
    frontier shares;
    shares.reserve(open.size());
    for (std::size_t i = 0; i < open.size(); ++i) shares.insert(shares.end(), copies[i], open[i]);
    return shares;
  }
};

}  // namespace outthink
