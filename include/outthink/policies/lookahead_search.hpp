// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/sampling_options.hpp>
#include <outthink/core/step_reduction.hpp>
#include <outthink/core/task.hpp>

#include <cstddef>

namespace outthink {

/// @brief Beam search that looks a few steps ahead before it judges a step.
///
/// How it works: as `beam_search`, but a step is worth what the verifier says of the trace that
/// greedy decoding makes of it in up to `lookahead` further steps, fewer where it ends. Those steps
/// serve the judgement alone: the beam goes on from the step itself, and a solution that ends while
/// looking ahead is no candidate. With `lookahead` 0 it is beam search.
///
/// Requires: width, expand and max_steps ≥ 1, lookahead ≥ 0; a verifier whose scores of unfinished
/// traces mean something.
/// Cost: at most `width · expand · (lookahead + 1)` generations and `width · expand` scorings per
/// round, `max_steps` rounds.
/// Errors: `errc::invalid_argument` for options out of range.
/// Determinism: equal scores keep the earlier trace.
/// Reference: C. Snell et al. 2024, arXiv:2408.03314, lookahead search with N = width · expand,
/// M = expand and k = lookahead.
struct lookahead_search {
  int width = 4;                                    ///< partial solutions kept per step
  int expand = 4;                                   ///< continuations drawn from each
  int lookahead = 1;                                ///< k: steps decoded greedily before judging
  int max_steps = 40;                               ///< rounds
  step_reduction reduction = step_reduction::last;  ///< what a trace is worth

  task<candidate_nodes> operator()(search auto& s) const {
    require(
        width >= 1 && expand >= 1 && lookahead >= 0 && max_steps >= 1,
        "lookahead_search: width, expand and max_steps must be at least 1, lookahead at least 0");
    const auto wanted = static_cast<std::size_t>(width) * static_cast<std::size_t>(expand);
    frontier beam{s.root()};
    int samples = width * expand;
    for (int step = 0; step < max_steps && !beam.empty(); ++step) {
      const auto drawn = co_await s.extend(beam, samples);
      const auto children = s.distinct(drawn);
      frontier ends = children;
      for (int ahead = 0; ahead < lookahead; ++ahead) {
        const frontier open = open_nodes(s.tree(), ends);
        const auto next = co_await s.extend(open, 1, greedy);
        move_on(s.tree(), ends, next);
      }
      const auto scores = co_await s.score(ends, reduction);
      beam = s.keep_best(children, scores, width);
      if (s.candidates().size() >= wanted) break;
      samples = expand;
    }
    co_return s.candidates();
  }
};

}  // namespace outthink
