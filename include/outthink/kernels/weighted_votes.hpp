// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace outthink::kernels {

/// The class of a solution that does not vote, and the winner where nobody votes.
inline constexpr std::uint32_t no_class = std::numeric_limits<std::uint32_t>::max();

/// What `weighted_votes` found.
struct vote_count {
  std::uint32_t winner = no_class;  ///< the class with the largest total
  double total = 0;                 ///< weight of all classes
};

/// @brief Sums weights by class and names the class with the largest sum.
///
/// With weights of 1 a majority vote, with scores best-of-N weighted, with ranks a Borda count.
/// Shapes and units: `classes` [n], each below the size of `totals`, or `no_class`; `weights` [n];
/// `totals` [classes], in the unit of the weights, overwritten.
/// Requires: weights that are not negative, or more copies of an answer would lower its sum:
/// negative weights and NaN weigh nothing.
/// Cost: O(n + classes); no allocation. Errors: none.
/// Determinism: the same bits on every machine.
/// Numerics: sums in double, in ascending order; of equal totals the smallest class wins (the
/// earliest answer, if classes are numbered as they appear). A class without weight never wins:
/// if nothing weighs anything, the winner is `no_class`. Plus infinity wins over every number.
/// Reference: X. Wang et al. 2022 (arXiv:2203.11171); Y. Li et al. 2022 (arXiv:2206.02336); A. Zhou
/// et al. 2023 (arXiv:2308.07921) with weights of 1, .5 and .2 for the verdicts of a
/// self-verification.
inline vote_count weighted_votes(std::span<const std::uint32_t> classes,
                                 std::span<const float> weights,
                                 std::span<double> totals) noexcept {
  for (double& total : totals) total = 0;
  vote_count count;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (classes[i] == no_class || !(weights[i] > 0)) continue;
    totals[classes[i]] += static_cast<double>(weights[i]);
  }
  double most = 0;
  for (std::size_t c = 0; c < totals.size(); ++c) {
    count.total += totals[c];
    if (!(totals[c] > most)) continue;
    most = totals[c];
    count.winner = static_cast<std::uint32_t>(c);
  }
  return count;
}

}  // namespace outthink::kernels
