// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/search_tree.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace outthink {

/// @brief Goals, the tactics tried on them, and what follows for the goals above: who is proved,
/// who cannot be.
///
/// A goal is proved when one of its tactics proves it or leads to a proved goal; it has failed when
/// nothing more will be tried on it and all its tactics lead to failed goals. Goals may be reached
/// along several ways and in circles; a circle proves nothing and stays open.
///
/// Requires: no tactic added to a goal after it was closed.
/// Cost: amortised O(1) for each change of a goal's status or distance, times its parents.
/// Errors: `std::bad_alloc`. Determinism: of equally short proofs that of the earlier tactics.
/// Reference: K. Yang et al. 2023, arXiv:2306.15626 (LeanDojo), best-first proof search.
class proof_graph {
 public:
  /// A new open goal; gives its number, from 0.
  std::size_t add_goal() {
    goals_.emplace_back();
    return goals_.size() - 1;
  }

  /// `tactic` leads from goal `from` to goal `to`.
  void add_step(std::size_t from, node_id tactic, std::size_t to) {
    goals_[from].tactics.push_back({tactic, to});
    goals_[to].parents.push_back(from);
    update(from);
  }

  /// `tactic` proves goal `from`.
  void add_proof(std::size_t from, node_id tactic) {
    goals_[from].tactics.push_back({tactic, kNothingLeft});
    update(from);
  }

  /// No more tactics will be tried on `goal`.
  void close(std::size_t goal) {
    goals_[goal].closed = true;
    update(goal);
  }

  [[nodiscard]] std::size_t size() const noexcept { return goals_.size(); }
  [[nodiscard]] bool proved(std::size_t goal) const { return goals_[goal].distance < kFar; }
  [[nodiscard]] bool failed(std::size_t goal) const { return goals_[goal].failed; }

  /// The tactics of the shortest proof known of `goal`, which must be proved.
  [[nodiscard]] std::vector<node_id> proof_of(std::size_t goal) const {
    std::vector<node_id> tactics;
    while (goal != kNothingLeft) {
      for (const step& one : goals_[goal].tactics) {
        if (distance_after(one) + 1 != goals_[goal].distance) continue;
        tactics.push_back(one.tactic);
        goal = one.to;
        break;
      }
    }
    return tactics;
  }

 private:
  static constexpr std::size_t kNothingLeft = std::numeric_limits<std::size_t>::max();
  static constexpr std::uint32_t kFar = std::numeric_limits<std::uint32_t>::max();

  struct step {
    node_id tactic;
    std::size_t to;
  };
  struct goal_entry {
    std::vector<step> tactics;
    std::vector<std::size_t> parents;
    std::uint32_t distance = kFar;  // tactics to a proof
    bool closed = false;
    bool failed = false;
  };

  [[nodiscard]] std::uint32_t distance_after(const step& one) const {
    return one.to == kNothingLeft ? 0 : goals_[one.to].distance;
  }

  // Carries news upwards, along whatever ways lead to where it is news.
  void update(std::size_t first) {
    std::vector<std::size_t> changed{first};
    while (!changed.empty()) {
      goal_entry& at = goals_[changed.back()];
      changed.pop_back();
      const std::uint32_t before = at.distance;
      bool fails = at.closed;
      for (const step& one : at.tactics) {
        const std::uint32_t after = distance_after(one);
        if (after < kFar && after + 1 < at.distance) at.distance = after + 1;
        if (one.to == kNothingLeft || !goals_[one.to].failed) fails = false;
      }
      if (at.distance == before && at.failed == fails) continue;
      at.failed = fails;
      changed.insert(changed.end(), at.parents.begin(), at.parents.end());
    }
  }

  std::vector<goal_entry> goals_;
};

}  // namespace outthink
