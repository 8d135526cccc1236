// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

namespace outthink::kernels {

/// @brief Takes one step towards the strengths under which the results seen are likeliest, where i
/// beats j with probability strength_i / (strength_i + strength_j). Returns the largest relative
/// change: repeat until it is small.
///
/// How it works: strength_i becomes (wins of i) / Σ_j games_ij / (strength_i + strength_j); then
/// all are scaled to a mean of 1. Every step raises the likelihood. Unlike Elo ratings the result
/// does not depend on the order of the matches.
/// Shapes and units: `wins` [n][n], wins[i · n + j] how often i beat j, draws as half a win for
/// both, the diagonal not read; `strengths` [n], positive, all 1 at first; `scratch` [n].
/// Requires: counts that are not negative.
/// Cost: O(n²); no allocation. Errors: none.
/// Determinism: the same bits on every machine.
/// Numerics: in double. A candidate without a win tends to 0, one without a defeat grows beyond all
/// others: they have no finite estimate. Adding the same small number of wins (.1, say) to every
/// pair makes all finite. One that met nobody keeps its strength, scaled as the others are.
/// Reference: R. Bradley, M. Terry 1952, Biometrika 39; the step is E. Zermelo's of 1929, its
/// convergence D. Hunter 2004, Annals of Statistics 32(1), equation (3). An Elo rating is
/// 400 log₁₀ strength, plus a constant.
inline double bradley_terry_update(std::span<const double> wins, std::span<double> strengths,
                                   std::span<double> scratch) noexcept {
  const std::size_t n = strengths.size();
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    double won = 0, expected = 0;
    for (std::size_t j = 0; j < n; ++j) {
      const double games = j == i ? 0 : wins[i * n + j] + wins[j * n + i];
      if (games <= 0) continue;
      won += wins[i * n + j];
      expected += games / (strengths[i] + strengths[j]);
    }
    scratch[i] = expected > 0 ? won / expected : strengths[i];
    sum += scratch[i];
  }
  const double scale = sum > 0 ? static_cast<double>(n) / sum : 1;
  double largest = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double next = scratch[i] * scale;
    const double change = std::fabs(next - strengths[i]) / (strengths[i] > 0 ? strengths[i] : 1);
    largest = change > largest ? change : largest;
    strengths[i] = next;
  }
  return largest;
}

}  // namespace outthink::kernels
