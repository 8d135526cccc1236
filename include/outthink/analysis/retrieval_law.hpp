// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

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

}  // namespace outthink
