// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/step_reduction.hpp>
#include <outthink/core/task.hpp>

#include <cstddef>

namespace outthink {

/// @brief Extends the most promising partial solutions step by step.
///
/// How it works: draw `width · expand` first steps; score them; keep the best `width`; draw
/// `expand` next steps after each; and so on, until everything has ended, `width · expand`
/// solutions are complete, or `max_steps` rounds are over. Repetitions among the steps drawn after
/// one trace are dropped before they are scored. Finished solutions become candidates at once and
/// take no place in the beam.
///
/// Requires: all options ≥ 1; a verifier whose scores of unfinished traces mean something.
/// Cost: at most `width · expand` generations and scorings per round, `max_steps` rounds.
/// Errors: `errc::invalid_argument` for options below 1.
/// Determinism: equal scores keep the earlier trace.
/// Reference: C. Snell et al. 2024, arXiv:2408.03314, beam search with N = width · expand and
/// M = expand; F. Yu et al. 2023, arXiv:2311.09724, with K = N and b = width (where finished
/// solutions stay in the beam). Unlike search-and-learn it stops when N solutions are complete.
/// Example: examples/beam_search.cpp.
struct beam_search {
  int width = 4;                                    ///< partial solutions kept per step
  int expand = 4;                                   ///< continuations drawn from each
  int max_steps = 40;                               ///< rounds
  step_reduction reduction = step_reduction::last;  ///< what a partial solution is ranked by

  task<candidate_nodes> operator()(search auto& s) const {
    require(width >= 1 && expand >= 1 && max_steps >= 1,
            "beam_search: width, expand and max_steps must be at least 1");
    const auto wanted = static_cast<std::size_t>(width) * static_cast<std::size_t>(expand);
    frontier beam{s.root()};
    int samples = width * expand;
    for (int step = 0; step < max_steps && !beam.empty(); ++step) {
      const auto drawn = co_await s.extend(beam, samples);
      const auto children = s.distinct(drawn);
      const auto scores = co_await s.score(children, reduction);
      beam = s.keep_best(children, scores, width);
      if (s.candidates().size() >= wanted) break;
      samples = expand;
    }
    co_return s.candidates();
  }
};

}  // namespace outthink
