// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/step_reduction.hpp>
#include <outthink/core/task.hpp>

#include <cmath>
#include <cstddef>
#include <span>

namespace outthink {

/// @brief Tree search over steps with a process verifier: PUCT selection, no rollouts.
///
/// How it works: a simulation walks down from the root, at every node to the open child with the
/// largest Q + c · P · sqrt(N) / (1 + n) (Q: mean value backed up through the child, its own score
/// included; P: its prior, the softmax of the siblings' scores; n, N: visits of child and parent).
/// It stops at a node without open children, or at one with fewer than expand · floor(N^widening)
/// children, draws `expand` next steps there, scores them, and backs the best score up. `leaves`
/// simulations share a round: while one is under way its path counts visits of value 0 (virtual
/// loss), which sends the next one elsewhere. Finished solutions become candidates; a node below
/// which all has ended is closed.
///
/// Requires: counts ≥ 1, exploration ≥ 0, widening in [0, 1]; scores in [0, 1].
/// Cost: at most `simulations · expand` generations and scorings, in about `simulations / leaves`
/// rounds.
/// Errors: `errc::invalid_argument` for options out of range.
/// Determinism: of equally good children the earliest drawn is visited.
/// Reference: D. Silver et al. 2017 (PUCT, here with a constant c); R. Coulom 2007 (progressive
/// widening); leaves evaluated by a value model as in X. Feng et al. 2023, arXiv:2309.17179.
/// Example: examples/tree_search.cpp.
struct tree_search {
  int simulations = 16;       ///< leaves expanded in all
  int expand = 4;             ///< next steps drawn at a leaf
  int leaves = 4;             ///< simulations in one round
  float exploration = 1.25F;  ///< c: weight of what is likely but little visited
  float widening = 0.5F;      ///< how fast a visited node gets more children; 0: never
  step_reduction reduction = step_reduction::last;  ///< what a trace is worth

  task<candidate_nodes> operator()(search auto& s) const {
    require(simulations >= 1 && expand >= 1 && leaves >= 1 && exploration >= 0 && widening >= 0 &&
                widening <= 1,
            "tree_search: counts must be at least 1, exploration at least 0, widening in [0, 1]");
    auto& tree = s.tree();
    for (int done = 0; done < simulations;) {
      const frontier chosen =
          select(tree, s.root(), leaves < simulations - done ? leaves : simulations - done);
      if (chosen.empty()) break;
      done += static_cast<int>(chosen.size());
      const auto drawn = co_await s.extend(chosen, expand);
      const auto children = s.distinct(drawn);
      const auto scores = co_await s.score(children, reduction);
      s.retire(children);
      for (const node_id leaf : chosen)
        back_up(tree, leaf, best_below(tree, leaf, children, scores));
    }
    co_return s.candidates();
  }

 private:
  // Walks down once per simulation; every path counts a visit before its value is known.
  frontier select(auto& tree, node_id root, int count) const {
    frontier chosen;
    for (node_id node = root; static_cast<int>(chosen.size()) < count; node = root) {
      while (!wants_children(tree, node) || contains(chosen, node)) {
        const node_id child = best_child(tree, node);
        if (child == node_id::none) return chosen;
        node = child;
      }
      chosen.push_back(node);
      for (node_id at = node; at != node_id::none; at = tree.parent(at)) ++tree.visits(at);
    }
    return chosen;
  }

  static bool contains(const frontier& nodes, node_id wanted) {
    for (const node_id node : nodes) {
      if (node == wanted) return true;
    }
    return false;
  }

  bool wants_children(const auto& tree, node_id node) const {
    const float rounds = std::floor(std::pow(static_cast<float>(tree.visits(node)), widening));
    return tree.child_count(node) == 0 ||
           static_cast<float>(tree.child_count(node)) < static_cast<float>(expand) * rounds ||
           best_child(tree, node) == node_id::none;
  }

  node_id best_child(const auto& tree, node_id node) const {
    node_id best = node_id::none;
    float best_value = 0;
    const float parent_visits = std::sqrt(static_cast<float>(tree.visits(node)));
    tree.for_each_child(node, [&](node_id child) {
      if (tree.status(child) != node_status::open || tree.visits(child) == 0) return;
      const auto n = static_cast<float>(tree.visits(child));
      const float q = tree.value(child) / n;
      const float puct = q + exploration * tree.prior(child) * parent_visits / (1 + n);
      if (best == node_id::none || puct >= best_value) best = child, best_value = puct;
    });
    return best;
  }

  // Gives the new children of `leaf` their own score as first visit; returns the best of them.
  float best_below(auto& tree, node_id leaf, const frontier& children,
                   std::span<const float> scores) const {
    float best = 0;
    for (std::size_t i = 0; i < children.size(); ++i) {
      if (tree.parent(children[i]) != leaf) continue;
      tree.value(children[i]) = scores[i];
      tree.visits(children[i]) = 1;
      best = scores[i] > best ? scores[i] : best;
    }
    // Repetitions were not scored and have no visits; without a verifier no step has a score.
    const auto weight = [&tree](node_id child) {
      const float score = tree.score(child);
      return tree.visits(child) == 0 ? 0.0F : std::exp(score == score ? score : 0.0F);
    };
    float total = 0;
    tree.for_each_child(leaf, [&](node_id child) { total += weight(child); });
    tree.for_each_child(leaf, [&](node_id child) { tree.prior(child) = weight(child) / total; });
    return best;
  }

  void back_up(auto& tree, node_id leaf, float value) const {
    for (node_id at = leaf; at != node_id::none; at = tree.parent(at)) {
      tree.value(at) += value;
      const bool root = tree.parent(at) == node_id::none;
      if (!root && best_child(tree, at) == node_id::none) tree.set_status(at, node_status::closed);
    }
  }
};

}  // namespace outthink
