// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/open_children.hpp>
#include <outthink/core/step_reduction.hpp>
#include <outthink/core/task.hpp>
#include <outthink/policies/monte_carlo_tree_search/puct.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace outthink {

/// What a new step of a tree search is worth.
enum class step_value {
  score,    ///< what the verifier says of the trace so far
  rollout,  ///< what it says of a whole solution that the model makes of it
};

/// What a node of a tree search passes up of the values below it.
enum class value_backup { mean, max };

/// @brief Grows the tree where it promises most: Monte Carlo tree search over steps.
///
/// How it works: a simulation walks down from the root, at every node to the open child that
/// `select` names. It stops at a node without open children, or at one with fewer than
/// expand · floor(N^widening) children (N: its visits), draws `expand` next steps there, values
/// them, and backs the best value up: every node above is worth the mean, or the largest, of the
/// values that came through it, its own first. `leaves` simulations share a round: while one is
/// under way its path counts visits of value 0 (virtual loss), which sends the next one elsewhere.
/// Finished solutions become candidates, those of rollouts included; a node below which all has
/// ended is closed.
///
/// Selections: `uct`, `puct` (the default) and `gumbel`, in headers of their own; or any type with
/// `operator()(const open_children&, parent visits)` that gives a child's position and `valid()`;
/// `puct` shows how one gets priors, `gumbel` a rule of its own for the root.
///
/// Requires: counts ≥ 1, widening in [0, 1]; values in [0, 1] that foretell how a trace ends. Where
/// scores judge steps alone, all right traces are worth the same and the search stays near the
/// root: let `value` be `rollout`, or `widening` 0.
/// Cost: at most `simulations · expand` generations and scorings, with rollouts twice as many
/// generations, in about `simulations / leaves` times 2 (3) rounds; per simulation O(children) at
/// each node of its path.
/// Errors: `errc::invalid_argument` for options out of range.
/// Determinism: of equally good children the earliest drawn is visited.
/// Numerics: a value of NaN counts as 0.
/// Reference: R. Coulom 2006, 2007 (progressive widening); L. Kocsis, C. Szepesvári 2006; leaves
/// evaluated by a value model as in X. Feng et al. 2023, arXiv:2309.17179.
/// Example: examples/tree_search.cpp.
template <class Selection = puct>
struct monte_carlo_tree_search {
  int simulations = 16;                      ///< leaves expanded in all
  int expand = 4;                            ///< next steps drawn at a leaf
  int leaves = 4;                            ///< simulations in one round
  float widening = 0.5F;                     ///< how fast a node gets more children; 0: never
  step_value value = step_value::score;      ///< of a new step
  value_backup backup = value_backup::mean;  ///< what a node passes up
  step_reduction reduction = step_reduction::last;  ///< what a trace is worth
  Selection select{};                               ///< where a simulation goes

  task<candidate_nodes> operator()(search auto& s) const {
    require(simulations >= 1 && expand >= 1 && leaves >= 1 && widening >= 0 && widening <= 1 &&
                select.valid(),
            "monte_carlo_tree_search: counts must be at least 1, widening in [0, 1], and the "
            "selection's options in their ranges");
    open_children children;
    frontier paths;
    for (int done = 0; done < simulations;) {
      const frontier chosen = choose(s.tree(), s.root(), done, children, paths);
      if (chosen.empty()) break;
      const auto drawn = co_await s.extend(chosen, done == 0 ? first_steps() : expand);
      done += static_cast<int>(chosen.size());
      const frontier steps = s.distinct(drawn);
      frontier judged = steps;
      if (value == step_value::rollout) {
        const frontier open = open_nodes(s.tree(), steps);
        const frontier ends = co_await s.complete(open, 1);
        replace_open(s.tree(), judged, ends);
      }
      const auto scores = co_await s.score(judged, reduction);
      s.retire(judged);
      back_up(s, chosen, paths, steps, scores, children);
    }
    co_return s.candidates();
  }

 private:
  static constexpr bool has_root_rule = requires(const Selection& rule, const open_children& c) {
    rule.at_root(c, 0, 0, false);
  };

  [[nodiscard]] int first_steps() const {
    if constexpr (requires { select.considered; }) return select.considered;
    return expand;
  }

  // Walks down once per simulation; every path counts a visit before its value is known. `paths`
  // gets all of them, one after the other, each from the root to its leaf.
  frontier choose(auto& tree, node_id root, int done, open_children& children,
                  frontier& paths) const {
    const int count = leaves < simulations - done ? leaves : simulations - done;
    frontier chosen;
    chosen.reserve(static_cast<std::size_t>(count));
    paths.clear();
    while (static_cast<int>(chosen.size()) < count) {
      const std::size_t begin = paths.size();
      const node_id leaf = descend(tree, root, done, chosen, children, paths);
      if (leaf == node_id::none) break;
      chosen.push_back(leaf);
      for (std::size_t i = begin; i < paths.size(); ++i) ++tree.visits(paths[i]);
    }
    return chosen;
  }

  node_id descend(const auto& tree, node_id root, int done, const frontier& chosen,
                  open_children& children, frontier& path) const {
    for (node_id node = root;;) {
      path.push_back(node);
      children.gather(tree, node, backup == value_backup::max);
      if (wants_children(tree, node, node == root, children) && !contains(chosen, node)) {
        return node;
      }
      if (children.empty()) return node_id::none;
      const std::size_t next = node == root
                                   ? at_root(children, tree.visits(node), done, chosen.size())
                                   : select(children, tree.visits(node));
      if (next == children.size()) return node_id::none;
      node = children[next];
    }
  }

  static bool contains(const frontier& nodes, node_id wanted) {
    for (const node_id node : nodes) {
      if (node == wanted) return true;
    }
    return false;
  }

  std::size_t at_root(const open_children& children, std::uint32_t visits, int done,
                      std::size_t under_way) const {
    if constexpr (has_root_rule) {  // the first simulation drew the root's children
      return select.at_root(children, done + static_cast<int>(under_way) - 1, simulations - 1,
                            under_way > 0);
    } else {
      return select(children, visits);
    }
  }

  bool wants_children(const auto& tree, node_id node, bool root,
                      const open_children& children) const {
    if (children.empty()) return true;
    if (widening == 0 || (root && has_root_rule)) return false;
    // A rollout began with a child that is none of the tree's.
    const std::uint32_t rollouts = value == step_value::rollout && !root ? 1 : 0;
    const auto visits = static_cast<float>(tree.visits(node));
    const float rounds =
        std::floor(widening == 0.5F ? std::sqrt(visits) : std::pow(visits, widening));
    return static_cast<float>(tree.child_count(node) - rollouts) <
           static_cast<float>(expand) * rounds;
  }

  static void replace_open(const auto& tree, frontier& nodes, const frontier& ends) {
    std::size_t next = 0;
    for (node_id& node : nodes) {
      if (tree.status(node) == node_status::open) node = ends[next++];
    }
  }

  // A new step's own value is its first visit.
  void back_up(auto& s, const frontier& chosen, const frontier& paths, const frontier& steps,
               std::span<const float> values, open_children& children) const {
    auto& tree = s.tree();
    std::size_t next = 0, passed = 0;
    for (const node_id leaf : chosen) {
      const std::size_t first = next;
      float best = 0;
      for (; next < steps.size() && tree.parent(steps[next]) == leaf; ++next) {
        const float worth = values[next] == values[next] ? values[next] : 0;
        tree.value(steps[next]) = worth;
        tree.visits(steps[next]) = 1;
        best = worth > best ? worth : best;
      }
      give_priors(s, leaf, std::span(steps).subspan(first, next - first));
      for (node_id at = node_id::none; at != leaf; ++passed) {
        at = paths[passed];
        float& sum = tree.value(at);
        sum = backup == value_backup::mean ? sum + best : best > sum ? best : sum;
      }
      for (node_id at = leaf; at != s.root(); at = tree.parent(at)) {
        children.gather(tree, at);
        if (!children.empty()) break;
        tree.set_status(at, node_status::closed);
      }
    }
  }

  void give_priors(auto& s, node_id leaf, std::span<const node_id> fresh) const {
    if constexpr (requires { select.set_priors(s.tree(), leaf, fresh, false, s.random()); }) {
      select.set_priors(s.tree(), leaf, fresh, leaf == s.root(), s.random());
    }
  }
};

/// Tree search by `puct` with scores of a process verifier.
using tree_search = monte_carlo_tree_search<>;

}  // namespace outthink
