// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/agreement_groups.hpp>
#include <outthink/kernels/pass_matrix.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace outthink::kernels {

/// Slots of scratch that `codet_scores` wants: four times as many as solutions.
[[nodiscard]] constexpr std::size_t codet_scratch(std::size_t solutions) noexcept {
  return 2 * solutions + agreement_scratch(solutions);
}

/// @brief Scores solutions by dual agreement: (tests passed) · √(solutions that pass the same
/// ones).
///
/// Right solutions agree with each other and with right tests; wrong ones are wrong each in its own
/// way.
/// Shapes and units: `scores` [solutions]; `scratch` [codet_scratch(solutions)], of which the first
/// [solutions] are left as the groups and the second as their sizes, as `agreement_groups` gives
/// them.
/// Requires: only tests and solutions that ran: one that crashes passes nothing.
/// Cost: O(solutions · tests / 64) expected; no allocation. Errors: none.
/// Determinism: the same bits on every machine. Numerics: double, one rounding of the root and one
/// of the product; solutions of one group have equal scores.
/// Reference: B. Chen et al. 2022 (CodeT, arXiv:2207.10397). Section 2 there has the product of the
/// two counts; their code, and this, the root of the number of solutions. Where several solutions
/// have the best score, report the mean over them rather than the first.
inline void codet_scores(const pass_matrix& matrix, std::span<double> scores,
                         std::span<std::uint32_t> scratch) noexcept {
  const std::size_t n = matrix.solutions;
  const auto groups = scratch.subspan(0, n), sizes = scratch.subspan(n, n);
  agreement_groups(matrix, groups, sizes, scratch.subspan(2 * n));
  for (std::size_t i = 0; i < n; ++i) {
    if (groups[i] != i) {
      scores[i] = scores[groups[i]];
      continue;
    }
    std::uint32_t passed = 0;
    pass_counts({matrix.row(i), 1, matrix.tests}, {&passed, 1});
    scores[i] = passed * __builtin_sqrt(static_cast<double>(sizes[i]));
  }
}

}  // namespace outthink::kernels
