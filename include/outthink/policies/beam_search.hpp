// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/selection.hpp>
#include <outthink/core/step_reduction.hpp>
#include <outthink/core/task.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace outthink {

/// What becomes of a beam when its solution has ended: the point in which published beam searches
/// differ most, since it decides what a round costs.
enum class ended_beams : std::uint8_t {
  leave,   ///< it makes room: `width` others go on, until width · expand solutions are complete
  refill,  ///< it makes room, and the others share out width · expand steps a round to the end
  occupy,  ///< it keeps its place: ever fewer go on, until `width` solutions are complete
  compete  ///< it keeps its place as long as it ranks among the `width` best
};

/// @brief Extends the most promising partial solutions step by step.
///
/// How it works: draw `width · expand` first steps (`expand` under `occupy`); score them; keep the
/// best `width`; draw `expand` next steps after each; and so on, until everything has ended or
/// `max_steps` rounds are over, or sooner as `ended` says. Repetitions among the steps drawn after
/// one trace are dropped before they are scored. Finished solutions become candidates at once;
/// under `compete` those in the last beam do.
///
/// Requires: counts ≥ 1; a verifier whose scores of unfinished traces mean something.
/// Cost: at most `width · expand` generations and scorings per round, `max_steps` rounds; under
/// `refill` exactly as many generations while anything is open.
/// Errors: `errc::invalid_argument` for options below 1.
/// Determinism: equal scores keep the earlier trace; under `compete` new traces come before those
/// that have ended earlier.
/// Reference: C. Snell et al. 2024, arXiv:2408.03314, beam search with N = width · expand and
/// M = expand; `refill` is the rule of search-and-learn (whose last round also writes its beams to
/// their ends), `occupy` that of OpenR and compute-optimal-tts, `compete` that of F. Yu et al.
/// 2023, arXiv:2311.09724.
/// Example: examples/beam_search.cpp.
struct beam_search {
  int width = 4;                                    ///< partial solutions kept per step
  int expand = 4;                                   ///< continuations drawn from each
  int max_steps = 40;                               ///< rounds
  step_reduction reduction = step_reduction::last;  ///< what a partial solution is ranked by
  ended_beams ended = ended_beams::leave;           ///< what solutions that have ended do

  task<candidate_nodes> operator()(search auto& s) const {
    require(width >= 1 && expand >= 1 && max_steps >= 1,
            "beam_search: width, expand and max_steps must be at least 1");
    const bool compete = ended == ended_beams::compete;
    frontier open{s.root()}, done;  // the beam; `done` is empty unless solutions compete
    for (int step = 0; step < max_steps && !open.empty(); ++step) {
      const auto drawn = co_await s.extend(copies(open, step == 0), 1);
      frontier ranked = s.distinct(drawn);
      ranked.insert(ranked.end(), done.begin(), done.end());
      const auto scores = co_await s.score(ranked, reduction);
      if (compete) {
        keep_both(s.tree(), ranked, scores, open, done);
        continue;
      }
      open = s.keep_best(ranked, scores, width);
      const std::size_t complete = s.candidates().size();
      if (ended == ended_beams::occupy) open.resize(std::min(open.size(), places(complete)));
      if (enough(complete)) break;
    }
    s.retire(done);
    co_return s.candidates();
  }

 private:
  // The open beams, each as often as steps are to be drawn after it.
  [[nodiscard]] frontier copies(const frontier& open, bool first) const {
    const int whole = first && ended == ended_beams::occupy ? expand : width * expand;
    const bool shared = first || ended == ended_beams::refill;
    const int beams = static_cast<int>(open.size());
    frontier drawn;
    drawn.reserve(static_cast<std::size_t>(shared ? whole : beams * expand));
    for (int i = 0; i < beams; ++i) {
      const int own = shared ? whole / beams + (i < whole % beams ? 1 : 0) : expand;
      drawn.insert(drawn.end(), static_cast<std::size_t>(own), open[static_cast<std::size_t>(i)]);
    }
    return drawn;
  }

  // What is left of the width when solutions that are complete take a place each.
  [[nodiscard]] std::size_t places(std::size_t complete) const {
    const auto all = static_cast<std::size_t>(width);
    return all > complete ? all - complete : 0;
  }

  [[nodiscard]] bool enough(std::size_t complete) const {
    const int wanted = ended == ended_beams::occupy ? width : width * expand;
    return ended != ended_beams::refill && complete >= static_cast<std::size_t>(wanted);
  }

  // Splits the best of `ranked` into those that go on and those that have ended.
  void keep_both(const auto& tree, const frontier& ranked, std::span<const float> scores,
                 frontier& open, frontier& done) const {
    open.clear();
    done.clear();
    std::size_t left = static_cast<std::size_t>(width);
    for (const std::size_t i : best_positions(scores, scores.size())) {
      const node_status status = tree.status(ranked[i]);
      if (left == 0 || status == node_status::truncated) continue;
      (status == node_status::open ? open : done).push_back(ranked[i]);
      --left;
    }
  }
};

/// @brief Step-level best-of-N: of `n` next steps the best is taken, again and again.
///
/// A beam of one in which what has ended competes, so that it ends with its best step.
/// Reference: F. Liu et al. 2025, arXiv:2502.07191.
[[nodiscard]] constexpr beam_search step_level_best_of_n(int n) noexcept {
  return {.width = 1, .expand = n, .ended = ended_beams::compete};
}

/// @brief Value-guided beam search: `samples` steps a round, of which the `beams` best go on.
///
/// With a verifier that foretells the outcome of a partial solution, and `best_score`.
/// Requires: `samples` a multiple of `beams`. Errors: `errc::invalid_argument` if it is not.
/// Reference: F. Yu et al. 2023, arXiv:2311.09724, with K = samples and b = beams.
[[nodiscard]] inline beam_search value_guided_beam(int samples, int beams) {
  require(beams >= 1 && samples >= beams && samples % beams == 0,
          "value_guided_beam: samples must be a multiple of beams, and beams at least 1");
  return {.width = beams, .expand = samples / beams, .ended = ended_beams::compete};
}

}  // namespace outthink
