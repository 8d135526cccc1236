// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/selection.hpp>

#include <cstddef>
#include <span>

namespace outthink::kernels {

/// @brief Weighs solutions by their rank: (n - rank)^power, rank 0 the best score. Votes with these
/// weights are a Borda count.
///
/// A power of 0 is a plain majority; large powers come close to taking the best.
/// Shapes and units: `scores` [n], `weights` [n]; `order` [n] is overwritten with the positions
/// from the best score to the worst.
/// Requires: leave out solutions without an answer: the others' ranks count them.
/// Cost: O(n log n), n powers; no allocation. Errors: none.
/// Determinism: the bits depend on the standard library's power.
/// Numerics: within one ulp; of equal scores the earlier ranks better, as in the published code;
/// NaN ranks below everything. No score writes nothing. Reference: Z. Kang et al. 2025
/// (arXiv:2502.18581), section 3; the power there is tuned with n
/// (.3 for 8 samples, 1.2 for 64), their code's default is .5.
inline void borda_weights(std::span<const float> scores, double power, std::span<float> weights,
                          std::span<std::size_t> order) noexcept {
  const std::size_t n = best_positions(scores, order.first(scores.size()));
  for (std::size_t rank = 0; rank < n; ++rank) {
    // Not std::pow: <cmath> would cost more than all else here.
    weights[order[rank]] = static_cast<float>(__builtin_pow(static_cast<double>(n - rank), power));
  }
}

}  // namespace outthink::kernels
