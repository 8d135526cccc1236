// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/generators.hpp>
#include <outthink/core/step_reduction.hpp>
#include <outthink/core/task.hpp>
#include <outthink/core/when_all.hpp>
#include <outthink/kernels/normal_posterior.hpp>
#include <outthink/policies/ab_mcts/thompson_arms.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace outthink {

/// @brief Adaptive-branching tree search, AB-MCTS-A: at every node it decides anew whether to go
/// wider or deeper.
///
/// How it works: from the root downwards, it draws a number from what is known about the steps
/// drawn directly after a node (GEN), and one from what is known about those drawn further below
/// (CONT). If GEN's is not smaller, or the node has no open children, one next step is drawn after
/// it; otherwise the same choice is made at the child for which the number drawn from what is known
/// about it and all below is the largest. A new step's score is an observation of GEN at its
/// parent, of its own worth, and of CONT and the worth of every ancestor on the way. With several
/// `generators` the one that draws is chosen by what is known of each in the whole tree. A step may
/// be a whole attempt, if the step rule says so; then the tree refines attempts, as published.
///
/// Requires: counts ≥ 1; a verifier whose scores lie in [0, 1] and can be compared across depths;
/// a generator at least.
/// Cost: `nodes` generations and scorings, in about `nodes / leaves` rounds of each kind; O(1)
/// statistics at each node of a path, and a choice of `thompson_arms` among its children.
/// Errors: `errc::invalid_argument` for options out of range.
/// Determinism: the search's own random numbers make the choices.
/// Numerics: scores beyond [0, 1] count as 0 or 1, NaN as 0.
/// Reference: K. Inoue et al. 2025, arXiv:2503.04412, AB-MCTS-A with node aggregation, Gaussian
/// (`kernels::normal_posterior`) or Beta (`kernels::beta_posterior`), one GEN and one CONT for all
/// generators. Ended steps cannot be continued here and are no children to choose from.
template <class Generators = own_generator, class Posterior = kernels::normal_posterior>
struct ab_mcts_of {
  int nodes = 64;                                   ///< steps drawn in all
  int leaves = 1;                                   ///< steps drawn in one round
  step_reduction reduction = step_reduction::last;  ///< what a trace is worth
  Posterior prior{};                                ///< what is known before the first score
  Generators generators{};                          ///< ways of drawing a step

  task<candidate_nodes> operator()(search auto& s) const {
    require(nodes >= 1 && leaves >= 1 && generators.size() >= 1,
            "ab_mcts: nodes and leaves must be at least 1, and there must be a generator");
    knowledge known{std::vector<node_knowledge>(1, node_knowledge(prior)),
                    std::vector<Posterior>(generators.size(), prior)};
    std::vector<frontier> chosen(generators.size());  // by generator
    for (int done = 0; done < nodes;) {
      const int count = leaves < nodes - done ? leaves : nodes - done;
      for (frontier& parents : chosen) parents.clear();
      for (int i = 0; i < count; ++i) {
        const node_id parent = descend(s, known);
        insert_in_order(chosen[best_generator(known, s.random())], parent);
      }
      std::vector<task<frontier>> drawing;
      for (std::size_t which = 0; which < chosen.size(); ++which) {
        if (chosen[which].empty()) continue;
        drawing.push_back(generators.extend(s, which, chosen[which]));
      }
      const std::vector<frontier> drawn = co_await when_all(std::move(drawing));
      frontier steps;
      for (const frontier& some : drawn) steps.insert(steps.end(), some.begin(), some.end());
      const auto scores = co_await s.score(steps, reduction);
      s.retire(steps);
      std::size_t next = 0;
      for (std::size_t which = 0; which < chosen.size(); ++which) {
        for (std::size_t i = 0; i < chosen[which].size() && next < steps.size(); ++i, ++next) {
          observe(s, known, which, steps[next], scores[next]);
        }
      }
      done += count;
    }
    co_return s.candidates();
  }

 private:
  using arms = thompson_arms<Posterior>;

  struct node_knowledge {
    explicit node_knowledge(const Posterior& prior) : wider(prior), deeper(prior) {}

    Posterior wider, deeper;  // GEN, CONT
    arms worth;               // of the open children
    frontier children;        // those
    std::uint32_t place = 0;  // among its parent's
  };

  struct knowledge {
    std::vector<node_knowledge> nodes;  // by handle, from the root on
    std::vector<Posterior> generators;
  };

  static node_knowledge& at(const auto& s, knowledge& known, node_id node) {
    return known.nodes[index_of(node) - index_of(s.root())];
  }

  // Copies of a node stand together.
  static void insert_in_order(frontier& nodes, node_id node) {
    auto at = nodes.end();
    while (at != nodes.begin() && *(at - 1) > node) --at;
    nodes.insert(at, node);
  }

  static node_id descend(auto& s, knowledge& known) {
    for (node_id node = s.root();;) {
      node_knowledge& here = at(s, known, node);
      if (here.children.empty()) return node;
      const double wider = arms::drawn(here.wider, s.random());
      if (!arms::exceeds(here.deeper, wider, s.random())) return node;
      node = here.children[here.worth.choose(s.random())];
    }
  }

  static std::size_t best_generator(const knowledge& known, random_stream& random) {
    std::size_t best = 0;
    double largest = 0;
    for (std::size_t i = 0; known.generators.size() > 1 && i < known.generators.size(); ++i) {
      const double worth = arms::drawn(known.generators[i], random);
      if (i == 0 || worth > largest) best = i, largest = worth;
    }
    return best;
  }

  void observe(auto& s, knowledge& known, std::size_t which, node_id step, float score) const {
    const double seen = score >= 1 ? 1 : score > 0 ? static_cast<double>(score) : 0;
    const std::size_t size = s.tree().size() - index_of(s.root());
    if (size > known.nodes.size()) known.nodes.resize(size, node_knowledge(prior));
    known.generators[which].observe(seen);
    node_id node = s.tree().parent(step);
    node_knowledge& parent = at(s, known, node);
    parent.wider.observe(seen);
    if (s.tree().status(step) == node_status::open) {
      at(s, known, step).place = static_cast<std::uint32_t>(parent.children.size());
      parent.children.push_back(step);
      Posterior own = prior;
      own.observe(seen);
      parent.worth.add(own);
    }
    for (; node != s.root(); node = s.tree().parent(node)) {
      node_knowledge& above = at(s, known, s.tree().parent(node));
      above.deeper.observe(seen);
      above.worth.observe(at(s, known, node).place, seen);
    }
  }
};

/// AB-MCTS-A with one way of drawing steps and Gaussian posteriors.
using ab_mcts = ab_mcts_of<>;

}  // namespace outthink
