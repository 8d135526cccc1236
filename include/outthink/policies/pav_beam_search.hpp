// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/task.hpp>

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace outthink {

/// @brief Beam search that rewards a step for the progress it makes, not only for where it stands.
///
/// How it works: as `beam_search`, but traces are ranked by
///
///     Q + α · A,   A = P(Q) - P(Q of the trace without its last step),   P(Q) = 1 - (1 - Q)^k
///
/// (Q: the verifier's score, the chance that the model solves the problem from here; P: that chance
/// for the prover, the best of k tries of the model; A: the prover's advantage from the step).
/// Steps that merely rephrase have no advantage; where Q is close to 1 next to none has. The
/// candidates keep Q as their scores, for the final choice.
///
/// Requires: counts ≥ 1, alpha ≥ 0; scores in [0, 1] of unfinished traces.
/// Cost: at most `width · expand` generations and scorings per round, `max_steps` rounds; the
/// advantage asks for nothing, the score of a trace's parent is kept in its node.
/// Errors: `errc::invalid_argument` for options out of range.
/// Determinism: equal scores keep the earlier trace.
/// Numerics: the problem itself has no score; it counts as 0, which lifts all first steps alike.
/// A trace without a score ranks last.
/// Reference: A. Setlur et al. 2024, arXiv:2410.08146, equations 2, 4 and 5; α = 0.5 and k = 4 as
/// there. An advantage from a verifier of its own comes in through a verifier that adds it.
struct pav_beam_search {
  int width = 4;       ///< partial solutions kept per step
  int expand = 4;      ///< continuations drawn from each
  int max_steps = 40;  ///< rounds
  float alpha = 0.5F;  ///< α: weight of the advantage; 0: beam search
  int prover = 4;      ///< k: tries of the prover; 1: the model itself

  task<candidate_nodes> operator()(search auto& s) const {
    require(width >= 1 && expand >= 1 && max_steps >= 1 && prover >= 1 && alpha >= 0,
            "pav_beam_search: counts must be at least 1, alpha at least 0");
    const auto wanted = static_cast<std::size_t>(width) * static_cast<std::size_t>(expand);
    auto& tree = s.tree();
    frontier beam{s.root()};
    int samples = width * expand;
    for (int step = 0; step < max_steps && !beam.empty(); ++step) {
      const auto drawn = co_await s.extend(beam, samples);
      const auto children = s.distinct(drawn);
      auto scores = co_await s.score(children);
      for (std::size_t i = 0; i < children.size(); ++i) {
        const float before = tree.value(tree.parent(children[i]));
        tree.value(children[i]) = scores[i];
        scores[i] = effective_reward(scores[i], before);
      }
      beam = s.keep_best(children, scores, width);
      if (s.candidates().size() >= wanted) break;
      samples = expand;
    }
    co_return s.candidates();
  }

  /// What a step is worth that takes the score from `before` to `after`.
  [[nodiscard]] float effective_reward(float after, float before) const {
    const auto solves = [this](float q) { return 1 - std::pow(1 - q, static_cast<float>(prover)); };
    return after + alpha * (solves(after) - solves(before));
  }
};

}  // namespace outthink
