// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/step_rule.hpp>
#include <outthink/core/task.hpp>
#include <outthink/core/trace.hpp>
#include <outthink/core/when_all.hpp>
#include <outthink/policies/multiverse/parallel_grammar.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink {

/// @brief Lets a model that plans paths side by side write them side by side: Multiverse.
///
/// How it works: the model writes until it ends a goal (`</Goal>`). For each of the goal's outlines
/// a path is begun, `<Path>` and the outline's label; all are written at once, each without a view
/// of the others (Map, Process); then they are put one behind the other, `<Conclusion>` after them,
/// and the model goes on (Reduce). Paths may hold blocks of their own. A model whose paths do not
/// depend on each other writes what it would write in sequence, in fewer rounds.
///
/// Requires: a model trained on blocks as `find_parallel_fault` checks them, with outlines;
/// counts ≥ 1. Cost: a sample of b blocks takes 1 + b generations and one for each path, in
/// 1 + 2 b rounds where no block stands in another. One scoring a sample.
/// Errors: `errc::invalid_argument` for options out of range.
/// Determinism: a path does not depend on the paths beside it.
/// Numerics: a sample is no candidate if a stretch of it was cut, a path did not end, a goal has no
/// outlines, or blocks are more or deeper than allowed.
/// Reference: X. Yang et al. 2025, arXiv:2506.09991. There the engine joins the paths' keys and
/// values without reading them again, at positions of their own; here the joined text is read anew.
struct multiverse {
  int samples = 1;                          ///< solutions, independent of each other
  int max_nesting = 4;                      ///< blocks that stand in each other; 1: none does
  int max_blocks = 16;                      ///< one after the other, in a solution or in a path
  std::uint32_t max_stretch_tokens = 4096;  ///< of text between two forks or joins

  task<candidate_nodes> operator()(search auto& s) const {
    require(samples >= 1 && max_nesting >= 1 && max_blocks >= 1 && max_stretch_tokens >= 1,
            "multiverse: counts must be at least 1");
    std::vector<task<node_id>> writing;
    for (int i = 0; i < samples; ++i) writing.push_back(written(s, s.root(), {}, max_nesting));
    const frontier ends = co_await when_all(std::move(writing));
    frontier whole;
    for (const node_id end : ends) {
      if (end != s.root()) whole.push_back(end);
    }
    static_cast<void>(co_await s.score(whole));
    s.retire(whole);
    co_return s.candidates();
  }

 private:
  static constexpr std::string_view kGoal = "</Goal>", kPath = "</Path>";

  // Writes on after `at`, up to `end` or, if that is empty, to the end of the text; gives the node
  // where that is, truncated if it is not whole.
  task<node_id> written(auto& s, node_id at, std::string_view end, int nesting) const {
    auto& tree = s.tree();
    step_rule stretch{.delimiter = "", .max_tokens = max_stretch_tokens};
    stretch.stops.emplace_back(kGoal);
    if (!end.empty()) stretch.stops.emplace_back(end);
    for (int blocks = 0;; ++blocks) {
      const frontier from{at};
      const auto drawn = co_await s.extend(from, 1, stretch);
      if (drawn.empty()) co_return at;
      at = drawn[0];
      const std::string text(tree.payload(at).text);
      if (!text.ends_with(kGoal) || tree.status(at) != node_status::finished) {
        if (!text.ends_with(end)) tree.set_status(at, node_status::truncated);
        co_return at;
      }
      const auto labels = outline_labels(text);
      const bool forks = blocks < max_blocks && nesting > 0 && !labels.empty();
      tree.set_status(at, forks ? node_status::open : node_status::truncated);
      if (!forks) co_return at;
      at = co_await paths_after(s, at, labels, nesting - 1);
      if (tree.status(at) == node_status::truncated) co_return at;
    }
  }

  // Writes the paths of a block side by side; gives the node behind all of them.
  task<node_id> paths_after(auto& s, node_id goal, const std::vector<std::string>& labels,
                            int nesting) const {
    auto& tree = s.tree();
    std::vector<task<node_id>> writing;
    for (const std::string& label : labels) {
      const node_id begin = tree.add_children(goal, 1)[0];
      tree.set_payload(begin, {.text = "\n<Path>\n" + label + ":"}, node_status::open);
      writing.push_back(path(s, begin, nesting));
    }
    const frontier ends = co_await when_all(std::move(writing));
    const std::size_t before = trace_view(tree, goal).solution().size();
    step_payload joined;
    std::string text;
    bool whole = true;
    for (const node_id end : ends) {
      text += trace_view(tree, end).solution().substr(before);
      whole = whole && tree.status(end) == node_status::closed;
      for (node_id at = end; at != goal; at = tree.parent(at)) {
        joined.tokens += tree.payload(at).tokens;
        joined.logprob += tree.payload(at).logprob;
      }
    }
    text += "\n<Conclusion>";
    joined.text = text;
    const node_id behind = tree.add_children(goal, 1)[0];
    tree.set_payload(behind, joined, whole ? node_status::open : node_status::truncated);
    co_return behind;
  }

  // One path; closed, if it is whole, since it is no solution.
  task<node_id> path(auto& s, node_id begin, int nesting) const {
    const node_id end = co_await written(s, begin, kPath, nesting);
    if (s.tree().status(end) == node_status::finished) {
      s.tree().set_status(end, node_status::closed);
    }
    co_return end;
  }
};

}  // namespace outthink
