// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/open_children.hpp>
#include <outthink/core/random_stream.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace outthink {

/// @brief A selection of `monte_carlo_tree_search` for few simulations: sequential halving among
/// the first steps, below them visits in proportion to an improved policy.
///
/// How it works: `considered` first steps are drawn and perturbed: each gets a number g from the
/// Gumbel distribution. The simulations are divided into log₂(considered) phases of equal cost; in
/// a phase all first steps that are left are visited equally often, then those with the smaller
/// g + p + σ(q) are left out. Below the first steps the next one is that with the largest
/// π(i) - n(i) / (1 + Σ n), where π is the softmax of p + σ(q). Here q is a child's mean value, n
/// its visits, σ(q) = (visit_offset + max n) · scale · q, and p = prior · ln P(step).
///
/// Requires: considered ≥ 1, visit_offset and scale ≥ 0; values in [0, 1].
/// Cost: O(children), one exponential each. Errors: none.
/// Determinism: the search's own random numbers perturb the first steps; of equals the earliest.
/// Numerics: exponentials relative to the largest. A phase's visits wait for the values of the
/// one before, whatever `leaves`.
/// Reference: I. Danihelka et al. 2022, "Policy improvement by planning with Gumbel", ICLR. There
/// the steps are all actions of a game and p their logits. Steps that were drawn from the model
/// carry its probabilities by having been drawn, hence prior 0 (T. Hubert et al. 2021,
/// arXiv:2104.06303); for steps that a model lists rather than draws set it to 1.
struct gumbel {
  int considered = 16;      ///< first steps
  float visit_offset = 50;  ///< c_visit: how soon values outweigh the perturbation
  float scale = 1;          ///< c_scale: weight of values
  float prior = 0;          ///< weight of the steps' log-probabilities

  [[nodiscard]] bool valid() const noexcept {
    return considered >= 1 && visit_offset >= 0 && scale >= 0;
  }

  /// The largest of π(i) - n(i) / (1 + Σ n).
  [[nodiscard]] std::size_t operator()(const open_children& children,
                                       std::uint32_t /*parent_visits*/) const {
    const float weight = value_weight(children);
    const auto logit = [&](std::size_t i) {
      return static_cast<double>(children.priors()[i] + weight * children.mean(i));
    };
    double largest = -HUGE_VAL, total = 0, visits = 1;
    for (std::size_t i = 0; i < children.size(); ++i) largest = std::max(largest, logit(i));
    for (std::size_t i = 0; i < children.size(); ++i) {
      total += std::exp(logit(i) - largest);
      visits += children.visits()[i];
    }
    const auto gap = [&](std::size_t i) {
      return std::exp(logit(i) - largest) / total - children.visits()[i] / visits;
    };
    std::size_t best = 0;
    for (std::size_t i = 1; i < children.size(); ++i) best = gap(i) > gap(best) ? i : best;
    return best;
  }

  /// The first step that simulation `at` of `simulations` visits; `children.size()` if that hangs
  /// on values which are still under way.
  [[nodiscard]] std::size_t at_root(const open_children& children, int at, int simulations,
                                    bool under_way) const {
    const sweep now = sweep_of(static_cast<int>(children.known()), simulations, at);
    if (now.begins && under_way) return children.size();
    const float weight = value_weight(children);
    const auto worth = [&](std::size_t i) {
      return children.priors()[i] + weight * children.mean(i);
    };
    const auto due = [&](std::size_t i) {
      return static_cast<int>(children.visits()[i]) - 1 == now.visits;
    };
    std::size_t best = 0;  // those that are not due serve where all that are have ended
    for (std::size_t i = 1; i < children.size(); ++i) {
      const bool better = due(i) == due(best) ? worth(i) > worth(best) : due(i);
      best = better ? i : best;
    }
    return best;
  }

  /// Gives the new children of `node` their p, and at the root g besides.
  template <class Tree>
  void set_priors(Tree& tree, node_id /*node*/, const auto& fresh, bool at_root,
                  random_stream& random) const {
    for (const node_id child : fresh) {
      tree.prior(child) = prior * tree.payload(child).logprob;
      if (!at_root) continue;
      tree.prior(child) -= static_cast<float>(std::log(-std::log(random.uniform() + 0x1p-54)));
    }
  }

  /// What a simulation of sequential halving visits: a first step that was visited `visits` times
  /// before; `begins`: the first of those simulations.
  struct sweep {
    int visits;
    bool begins;
  };

  /// The sweep of simulation `at` of `simulations` among `steps` first steps.
  [[nodiscard]] static sweep sweep_of(int steps, int simulations, int at) noexcept {
    int phases = 0;
    while ((1 << phases) < steps) ++phases;
    for (int left = steps, visits = 0;; left = std::max(2, left / 2)) {
      const int each = std::max(1, simulations / (std::max(1, phases) * left));
      if (at < each * left) return {visits + at / left, at % left == 0};
      at -= each * left;
      visits += each;
    }
  }

 private:
  [[nodiscard]] float value_weight(const open_children& children) const noexcept {
    std::uint32_t most = 0;
    for (const std::uint32_t n : children.visits()) most = std::max(most, n);
    return (visit_offset + static_cast<float>(most)) * scale;
  }
};

}  // namespace outthink
