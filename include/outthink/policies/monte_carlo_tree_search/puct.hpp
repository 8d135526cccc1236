// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/open_children.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/kernels/select_by_puct.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace outthink {

/// @brief A selection of `monte_carlo_tree_search`: the child with the largest
/// Q/n + c(N) P √N / (1 + n), where c(N) = exploration + ln((N + base + 1) / base).
///
/// P is the softmax of the siblings' own scores; repetitions have none, and a score of NaN counts
/// as 0.
/// Requires: exploration ≥ 0, base > 0. Cost: O(children). Errors: none.
/// Determinism: of equal bounds the earliest child's.
/// Reference: D. Silver et al. 2018 (AlphaZero), Science 362; see `kernels::select_by_puct`.
struct puct {
  float exploration = 1.25F;  ///< c_init: weight of what is likely but little visited
  float base = 19652;         ///< c_base: visits from which on exploration grows

  [[nodiscard]] bool valid() const noexcept { return exploration >= 0 && base > 0; }

  [[nodiscard]] std::size_t operator()(const open_children& children,
                                       std::uint32_t parent_visits) const noexcept {
    return kernels::select_by_puct(children.visits(), children.values(), children.priors(),
                                   parent_visits, {.init = exploration, .base = base});
  }

  /// Gives all visited children of `node` their priors.
  template <class Tree>
  void set_priors(Tree& tree, node_id node, const auto& /*fresh*/, bool /*at_root*/,
                  random_stream& /*random*/) const {
    float total = 0;
    tree.for_each_child(node, [&](node_id child) {
      const float score = tree.score(child);
      const float weight = tree.visits(child) == 0 ? 0.0F : std::exp(score == score ? score : 0.0F);
      tree.prior(child) = weight;
      total += weight;
    });
    tree.for_each_child(node, [&](node_id child) { tree.prior(child) /= total; });
  }
};

}  // namespace outthink
