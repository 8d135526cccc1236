// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace outthink {

/// @brief Which leaves of a tree to keep: the most gain, for few nodes and many clusters.
///
/// Maximises Σ gain(kept leaves) - node_cost · (nodes on their paths, themselves included) +
/// cluster_bonus · (clusters that a kept leaf belongs to), over all choices of at least one leaf.
///
/// How it works: without the bonus the best choice follows from the leaves upwards, as a node's
/// subtrees do not depend on each other. The bonus of a cluster, which is b · min(1, kept leaves),
/// is at most b - m + m · (kept leaves) for every m in [0, b]: so a choice without bonus bounds the
/// choices with it. Branch and bound: a cluster where the two differ is decided, by which of its
/// leaves is the first that is kept, if any. The m that bound best are sought once, by steps down
/// the subgradient.
///
/// Shapes and units: `parents` [nodes], each before its children, `top` for those below the root,
/// which costs nothing; `leaves`, `gains` and `clusters` [leaves], nodes without children and their
/// cluster's number, which is below the number of leaves. Gains, cost and bonus in one unit.
/// Requires: one leaf at least; finite numbers, cost and bonus ≥ 0.
/// Cost: O(nodes) per bound; a few dozen bounds for 256 leaves as search makes them, exponentially
/// many in the clusters of several leaves at worst, and at most `max_bounds`: then the best choice
/// found is given.
/// Errors: `std::bad_alloc`. Determinism: of choices equally good, the first found.
/// Reference: the program is that of C. Hooper et al. 2025 (ETS), arXiv:2502.13575, who leave it to
/// a solver; the multipliers are M. Held, R. Karp 1971.
class pruning_program {
 public:
  static constexpr std::uint32_t top = 0xFFFFFFFF;
  static constexpr int max_bounds = 20'000;

  std::vector<std::uint32_t> parents, leaves, clusters;
  std::vector<double> gains;
  double node_cost = 0;
  double cluster_bonus = 0;

  /// For each leaf whether to keep it.
  [[nodiscard]] std::vector<bool> solve() const {
    branch_and_bound at(*this);
    at.improve_multipliers();
    at.branch();
    return at.best;
  }

  /// What is maximised.
  [[nodiscard]] double worth(const std::vector<bool>& kept) const {
    std::vector<bool> used(parents.size()), covered(leaves.size());
    double sum = 0;
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      if (!kept[i]) continue;
      sum += gains[i] + (covered[clusters[i]] ? 0 : cluster_bonus);
      covered[clusters[i]] = true;
      for (std::uint32_t at = leaves[i]; at != top && !used[at]; at = parents[at]) {
        used[at] = true;
        sum -= node_cost;
      }
    }
    return sum;
  }

 private:
  enum class fate : std::uint8_t { free, in, out };

  struct branch_and_bound {
    explicit branch_and_bound(const pruning_program& asked)
        : program(asked),
          members(asked.leaves.size()),
          multipliers(asked.leaves.size()),
          decided(asked.leaves.size()),
          fates(asked.leaves.size(), fate::free) {
      for (std::size_t i = 0; i < fates.size(); ++i) members[program.clusters[i]].push_back(i);
      // A cluster of one leaf is no choice of its own.
      for (std::size_t k = 0; k < members.size(); ++k) {
        multipliers[k] = program.cluster_bonus / (members[k].size() > 1 ? 2 : 1);
      }
    }

    void improve_multipliers() {
      std::vector<double> tightest = multipliers;
      double least = std::numeric_limits<double>::infinity();
      for (int step = 1; step <= 20; ++step) {
        const double bound = relax();
        if (bound < least) least = bound, tightest = multipliers;
        if (bound <= best_worth + slack) return;  // solved
        for (std::size_t k = 0; k < members.size(); ++k) {
          if (members[k].size() < 2) continue;
          const double off = 1 - static_cast<double>(kept_of(k));
          const double moved = multipliers[k] + off * program.cluster_bonus / (2 * step);
          multipliers[k] = moved < 0                       ? 0
                           : moved < program.cluster_bonus ? moved
                                                           : program.cluster_bonus;
        }
      }
      multipliers = tightest;
    }

    void branch() {
      const double bound = relax();
      if (bound <= best_worth + slack || bounds > max_bounds) return;
      std::size_t open = members.size();
      for (std::size_t k = 0; k < members.size() && open == members.size(); ++k) {
        if (!decided[k] && members[k].size() > 1 && kept_of(k) != 1) open = k;
      }
      if (open == members.size()) return;  // the bound was attained
      decided[open] = true;
      const std::vector<std::size_t>& those = members[open];
      for (std::size_t first = 0; first <= those.size(); ++first) {
        for (std::size_t i = 0; i < those.size(); ++i) {
          fates[those[i]] = i < first ? fate::out : i == first ? fate::in : fate::free;
        }
        branch();
      }
      for (const std::size_t leaf : those) fates[leaf] = fate::free;
      decided[open] = false;
    }

    std::vector<bool> best;

   private:
    static constexpr double slack = 1e-12;

    [[nodiscard]] std::size_t kept_of(std::size_t cluster) const {
      std::size_t count = 0;
      for (const std::size_t leaf : members[cluster]) count += kept[leaf] ? 1 : 0;
      return count;
    }

    // The bound for what is decided; `kept` becomes the choice that attains it without the bonus.
    double relax() {
      constexpr double kNever = -std::numeric_limits<double>::infinity();
      ++bounds;
      const std::size_t nodes = program.parents.size();
      states.assign(nodes + 1, {});  // the last is the root
      double constant = 0;
      for (std::size_t k = 0; k < members.size(); ++k) {
        if (members[k].empty()) continue;
        if (!decided[k]) constant += program.cluster_bonus - multipliers[k];
        for (const std::size_t leaf : members[k]) {
          node_state& at = states[program.leaves[leaf]];
          const double bonus = decided[k] ? 0 : multipliers[k];
          at.sum = fates[leaf] == fate::out ? kNever : program.gains[leaf] + bonus;
          at.must = at.taken = fates[leaf] == fate::in;
          at.leaf = true;
          if (at.must) constant += program.cluster_bonus;
        }
      }
      for (std::size_t n = nodes; n-- > 0;) pass_up(n, parent_of(n));
      for (std::size_t n = 0; n < nodes; ++n) {
        node_state& at = states[n];
        const node_state& up = states[parent_of(n)];
        const bool wanted = at.must || at.value > 0 || (!up.taken && up.best == n);
        at.selected = (up.selected || parent_of(n) == nodes) && wanted && at.value > kNever;
      }
      kept.assign(program.leaves.size(), false);
      bool any = false;
      for (std::size_t i = 0; i < kept.size(); ++i) {
        kept[i] = states[program.leaves[i]].selected;
        any = any || kept[i];
      }
      if (!any) return kNever;
      if (const double worth = program.worth(kept); worth > best_worth) {
        best_worth = worth, best = kept;
      }
      const node_state& root = states[nodes];
      return constant + (root.taken ? root.sum : root.largest);
    }

    [[nodiscard]] std::size_t parent_of(std::size_t node) const {
      return program.parents[node] == top ? program.parents.size() : program.parents[node];
    }

    void pass_up(std::size_t node, std::size_t parent) {
      node_state &at = states[node], &up = states[parent];
      at.value = (at.leaf || at.taken ? at.sum : at.largest) - program.node_cost;
      if (at.must || at.value > 0) up.sum += at.value, up.taken = true;
      up.must = up.must || at.must;
      // Nodes come from the last to the first: of equals the first.
      if (at.value >= up.largest) up.largest = at.value, up.best = node;
    }

    // What is known of the subtree at a node.
    struct node_state {
      double sum = 0;  // of its children that are worth their cost, or a leaf's gain
      double largest = -std::numeric_limits<double>::infinity();  // child
      double value = 0;  // of the best choice that keeps a leaf of it
      std::size_t best = 0;
      bool leaf = false, taken = false, must = false, selected = false;
    };

    const pruning_program& program;
    std::vector<std::vector<std::size_t>> members;  // [clusters][their leaves]
    std::vector<double> multipliers;
    std::vector<bool> decided;
    std::vector<fate> fates;
    std::vector<bool> kept;
    std::vector<node_state> states;
    double best_worth = -std::numeric_limits<double>::infinity();
    int bounds = 0;
  };
};

}  // namespace outthink
