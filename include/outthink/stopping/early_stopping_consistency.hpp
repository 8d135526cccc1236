// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace outthink {

/// @brief Stops when the latest answers all agree (early-stopping self-consistency, ESC).
///
/// Requires: window ≥ 1; a sampler that draws `window` answers at a time, or windows overlap and
/// agree more often. Cost: O(window). Errors: none. Determinism: the votes decide.
/// Reference: Y. Li et al. 2024, arXiv:2401.10480 (window 5, at most 40 samples).
struct early_stopping_consistency {
  std::size_t window = 5;  ///< answers that must agree

  [[nodiscard]] bool operator()(std::span<const std::uint32_t> votes) const noexcept {
    if (votes.size() < window) return false;
    const auto latest = votes.last(window);
    return std::all_of(latest.begin(), latest.end(),
                       [&](std::uint32_t vote) { return vote == votes.back(); });
  }
};

}  // namespace outthink
