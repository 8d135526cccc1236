// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/graft.hpp>
#include <outthink/core/open_children.hpp>
#include <outthink/core/step_reduction.hpp>
#include <outthink/core/task.hpp>
#include <outthink/core/trace.hpp>
#include <outthink/kernels/select_by_uct.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace outthink {

/// What a node of MedS³'s tree is worth once it has children.
enum class meds3_value {
  children,      ///< the mean of its children's values, each counted by its visits
  own_and_mean,  ///< the average of that and of what the verifier said of the node itself
};

/// The prompt of a step that takes back the one before it.
struct ask_to_reflect {
  [[nodiscard]] std::string operator()(const trace_view& trace) const {
    return "Problem:\n" + std::string(trace.prompt()) + "\n\nSolution so far:\n" +
           trace.solution() +
           "\n\nThe last step may be wrong. Say what is wrong with it, and write the step that "
           "should follow instead.\n";
  }
};

/// @brief Grows a tree of reasoning steps that finishes what is promising and reflects on what is
/// not: MedS³'s search.
///
/// How it works: from the root it goes to the open child with the largest UCT bound until a node
/// has none, and draws what follows there: one whole solution if the node's value is at least
/// `finish_at` (Finish); else `expand` next steps, which are drawn as reflections if the node is
/// worth less than its parent (Reflect), as usual otherwise (Reason). The verifier values what was
/// drawn, and all nodes above are valued anew as `value` says. It stops when the tree has `nodes`
/// steps or `solutions` are complete. Votes over the candidates with
/// `step_reduction::product` take the product of a path's step values, as published.
///
/// Requires: counts ≥ 1, exploration ≥ 0; a verifier whose scores lie in [0, 1] and foretell how a
/// trace ends: in training `rollout_value` with fewer rollouts for deeper steps
/// (`rollout_value_options::least`), later the process model that was trained on the tree.
/// Cost: at most `nodes` + expand generations and scorings, in about 2 · nodes / expand rounds.
/// Errors: `errc::invalid_argument` for options out of range, what `reflection` throws.
/// Determinism: of equal bounds the earliest child's. Numerics: a value of NaN counts as 0.
/// Reference: S. Jiang et al. 2025, arXiv:2501.12051 (MedS³) and its code. There the bound divides
/// the mean value by the visits once more; here it is UCT.
template <class Reflection = ask_to_reflect>
struct meds3 {
  int nodes = 60;          ///< steps of the tree at which it stops
  int expand = 3;          ///< next steps drawn at a leaf
  int solutions = 16;      ///< complete solutions at which it stops
  float exploration = 2;   ///< c of UCT
  float finish_at = 0.9F;  ///< value from which on a solution is finished at once
  meds3_value value = meds3_value::children;
  step_reduction reduction = step_reduction::last;  ///< what a trace is worth
  Reflection reflection{};                          ///< writes the prompt of a reflection

  task<candidate_nodes> operator()(search auto& s) const {
    require(nodes >= 1 && expand >= 1 && solutions >= 1 && exploration >= 0,
            "meds3: counts must be at least 1, exploration at least 0");
    std::vector<float> own;  // what the verifier said, by handle
    open_children children;
    int drawn = 0;
    while (drawn < nodes && s.candidates().size() < static_cast<std::size_t>(solutions)) {
      const node_id leaf = descend(s, children);
      if (s.tree().status(leaf) != node_status::open || s.tree().child_count(leaf) > 0) break;
      frontier ends;
      if (leaf != s.root() && mean(s.tree(), leaf) >= finish_at) {
        ends = co_await s.complete(leaf, 1);
      } else if (reflects(s, leaf)) {
        ends = co_await reflections(s, leaf);
      } else {
        const auto steps = co_await s.extend(leaf, expand);
        ends = s.distinct(steps);
      }
      const auto scores = co_await s.score(ends, reduction);
      s.retire(ends);
      drawn += static_cast<int>(ends.size());
      own.resize(s.tree().size());
      for (std::size_t i = 0; i < ends.size(); ++i) {
        add(s.tree(), leaf, ends[i], scores[i] == scores[i] ? scores[i] : 0, own);
      }
      back_up(s, leaf, own, children);
    }
    co_return s.candidates();
  }

 private:
  static float mean(const auto& tree, node_id node) {
    return tree.value(node) / static_cast<float>(tree.visits(node));
  }

  node_id descend(auto& s, open_children& children) const {
    for (node_id node = s.root();;) {
      children.gather(s.tree(), node);
      if (children.empty()) return node;
      node = children[kernels::select_by_uct(children.visits(), children.values(),
                                             s.tree().visits(node), exploration)];
    }
  }

  static bool reflects(const auto& s, node_id leaf) {
    if (s.tree().depth(leaf) < 2) return false;
    return mean(s.tree(), leaf) < mean(s.tree(), s.tree().parent(leaf));
  }

  task<frontier> reflections(auto& s, node_id leaf) const {
    const node_id asked = s.branch(reflection(trace_view(s.tree(), leaf))).root();
    const auto drawn = co_await s.extend(asked, expand);
    frontier steps;
    for (const node_id step : s.distinct(drawn)) {
      steps.push_back(graft_as_step(s.tree(), step, leaf, s.tree().status(step)));
    }
    co_return steps;
  }

  // The child of `leaf` that leads to `end` gets its first visit; a solution of several steps
  // stands there for its end.
  static void add(auto& tree, node_id leaf, node_id end, float worth, std::vector<float>& own) {
    node_id child = end;
    while (tree.parent(child) != leaf) child = tree.parent(child);
    if (child != end) tree.set_status(child, node_status::closed);
    tree.visits(child) = 1;
    tree.value(child) = own[index_of(child)] = worth;
  }

  void back_up(auto& s, node_id leaf, const std::vector<float>& own,
               open_children& children) const {
    auto& tree = s.tree();
    for (node_id at = leaf;; at = tree.parent(at)) {
      std::uint32_t visits = 0;
      float sum = 0;
      tree.for_each_child(at, [&](node_id child) {
        visits += tree.visits(child);
        sum += tree.value(child);
      });
      const bool both = value == meds3_value::own_and_mean && at != s.root();
      const auto count = static_cast<float>(visits);
      tree.visits(at) = visits;
      tree.value(at) = both ? (sum + count * own[index_of(at)]) / 2 : sum;
      if (at == s.root()) return;
      children.gather(tree, at);
      if (children.empty()) tree.set_status(at, node_status::closed);
    }
  }
};

}  // namespace outthink
