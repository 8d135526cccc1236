// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/open_children.hpp>
#include <outthink/kernels/select_by_uct.hpp>

#include <cstddef>
#include <cstdint>

namespace outthink {

/// @brief A selection of `monte_carlo_tree_search`: the child with the largest Q/n + c √(ln N / n).
///
/// Requires: exploration ≥ 0. Cost: O(children). Errors: none.
/// Determinism: of equal bounds the earliest child's.
/// Reference: L. Kocsis, C. Szepesvári 2006, ECML; see `kernels::select_by_uct`.
struct uct {
  float exploration = 1.41421356F;  ///< c; √2 for values in [0, 1]

  [[nodiscard]] bool valid() const noexcept { return exploration >= 0; }

  [[nodiscard]] std::size_t operator()(const open_children& children,
                                       std::uint32_t parent_visits) const noexcept {
    return kernels::select_by_uct(children.visits(), children.values(), parent_visits, exploration);
  }
};

}  // namespace outthink
