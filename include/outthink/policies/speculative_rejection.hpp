// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/frontier.hpp>
#include <outthink/core/selection.hpp>
#include <outthink/core/step_reduction.hpp>
#include <outthink/core/task.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace outthink {

/// @brief Best-of-N that gives up its worst solutions while they are being written.
///
/// How it works: `samples` traces side by side. Each grows by `interval` steps; then all are
/// scored, finished and unfinished together, and the worst `reject` of them are dropped, rounded
/// down, as long as more than one is left; and so on until the rest has ended. Those that ended
/// among the rest become candidates.
///
/// Requires: counts ≥ 1, reject in [0, 1); a verifier whose scores of unfinished traces foretell
/// those of the finished.
/// Cost: at most samples · interval · (1 + (1 - reject) + (1 - reject)² + …) generations, one
/// scoring per trace and `interval` steps.
/// Errors: `errc::invalid_argument` for options out of range.
/// Determinism: of equal scores the earlier trace is kept.
/// Reference: H. Sun et al. 2024, arXiv:2410.20290, which rejects when memory runs out; here when
/// `interval` steps are written, so that the course does not depend on the machine.
struct speculative_rejection {
  int samples = 16;                                 ///< traces at the start
  float reject = 0.5F;                              ///< share that is dropped each time
  int interval = 1;                                 ///< steps between two rejections
  int max_steps = 40;                               ///< steps of a trace
  step_reduction reduction = step_reduction::last;  ///< what a trace is worth

  task<candidate_nodes> operator()(search auto& s) const {
    require(samples >= 1 && interval >= 1 && max_steps >= 1 && reject >= 0 && reject < 1,
            "speculative_rejection: counts must be at least 1, reject in [0, 1)");
    frontier traces(static_cast<std::size_t>(samples), s.root());
    for (int step = 1; step <= max_steps; ++step) {
      const frontier open = open_nodes(s.tree(), traces);
      if (open.empty()) break;
      const auto drawn = co_await s.extend(open, 1);
      move_on(s.tree(), traces, drawn);
      if (step % interval != 0) continue;
      const auto scores = co_await s.score(traces, reduction);
      traces = without_worst(traces, scores);
    }
    static_cast<void>(co_await s.score(traces, reduction));
    s.retire(traces);
    co_return s.candidates();
  }

 private:
  [[nodiscard]] frontier without_worst(const frontier& traces,
                                       std::span<const float> scores) const {
    const std::size_t count = traces.size();
    const auto dropped =
        static_cast<std::size_t>(static_cast<double>(reject) * static_cast<double>(count));
    frontier kept;
    for (const std::size_t i : best_positions(scores, count - dropped)) kept.push_back(traces[i]);
    return kept;
  }
};

}  // namespace outthink
