// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>

namespace outthink {

/// @brief Predicts how well a model answers from documents, examples and rounds of retrieval: the
/// computation allocation model.
///
/// How it works: logit(performance) = Σ (a_j + b_j · i_j) ln(θ_j + shift) + c, with θ the numbers
/// of documents, examples and rounds. a, b and c belong to the model, i to the task: what the first
/// document and the first example add. The best allocation within a context is the largest
/// prediction among those that fit.
/// Requires: numbers that are not negative. There is no gain of a first round: i and b of it are 0.
/// Cost: O(1). Errors: none. Numerics: the shift keeps the logarithm of 0 finite.
/// Reference: Z. Yue et al. 2024, arXiv:2410.04343, section 5.
struct retrieval_law {
  using three = std::array<double, 3>;  ///< of documents, examples, rounds

  three a{};
  three b{};
  double c = 0;
  double shift = 1e-6;

  [[nodiscard]] double operator()(const three& amounts, const three& gains) const noexcept {
    double logit = c;
    for (std::size_t j = 0; j < 3; ++j)
      logit += (a[j] + b[j] * gains[j]) * std::log(amounts[j] + shift);
    return 1 / (1 + std::exp(-logit));
  }
};

/// @brief The best allocation within a context: the position of the largest prediction among
/// those whose length is within `limit`, or the size of `grid` if none is.
///
/// How it works: all of `grid` are tried; `length(amounts)` says how many tokens one reads, all
/// rounds together. Cost: O(grid). Errors: what `length` throws.
/// Numerics: of equal predictions the earlier is taken. Reference: as above.
template <class Length>
[[nodiscard]] std::size_t best_allocation(const retrieval_law& law,
                                          const retrieval_law::three& gains,
                                          std::span<const retrieval_law::three> grid,
                                          const Length& length, double limit) {
  std::size_t best = grid.size();
  double most = -1;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    if (!(static_cast<double>(length(grid[i])) <= limit)) continue;
    const double predicted = law(grid[i], gains);
    if (predicted > most) best = i, most = predicted;
  }
  return best;
}

}  // namespace outthink
