// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/analysis/retrieval_law.hpp>
#include <outthink/core/error.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace outthink {

/// What was measured of one task at one allocation.
struct retrieval_trial {
  retrieval_law::three amounts{};  ///< documents, examples, rounds
  retrieval_law::three gains{};    ///< of the task: of the first document, the first example, and 0
  double performance = 0;          ///< in [0, 1]
};

/// @brief Fits the computation allocation model to measurements on several tasks.
///
/// How it works: ordinary least squares on the logit of the performance, by Householder
/// reflections; six numbers are found: a, b of documents and examples, and c. Shapes and units:
/// `trials` [n]. Requires: n ≥ 6, at least two tasks whose gains differ, and every amount varied,
/// or some of the numbers cannot be told apart. Cost: O(n). Errors: `errc::invalid_argument` for
/// that, or a performance outside [0, 1]. Numerics: in double. Performances are clipped to [clip, 1
/// - clip], as the logit of 0 is infinite. Reference: Z. Yue et al. 2024, arXiv:2410.04343,
/// section 5.
[[nodiscard]] inline retrieval_law fit_retrieval_law(std::span<const retrieval_trial> trials,
                                                     double shift = 1e-6, double clip = 1e-3) {
  constexpr std::size_t kColumns = 6;
  require(trials.size() >= kColumns, "fit_retrieval_law: give at least six trials");
  std::vector<std::array<double, kColumns + 1>> rows;  // the last column is the logit
  for (const retrieval_trial& one : trials) {
    require(one.performance >= 0 && one.performance <= 1,
            "fit_retrieval_law: performances must lie in [0, 1]");
    const double p = std::clamp(one.performance, clip, 1 - clip);
    std::array<double, 3> logs{};
    for (std::size_t j = 0; j < 3; ++j) logs[j] = std::log(one.amounts[j] + shift);
    rows.push_back({logs[0], logs[1], logs[2], one.gains[0] * logs[0], one.gains[1] * logs[1], 1,
                    std::log(p / (1 - p))});
  }
  for (std::size_t c = 0; c < kColumns; ++c) {
    double whole = 0, below = 0;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      whole += rows[r][c] * rows[r][c];
      if (r >= c) below += rows[r][c] * rows[r][c];
    }
    require(below > 1e-18 * whole,
            "fit_retrieval_law: vary every amount, and give two tasks whose gains differ");
    // Mirrors the column, from its diagonal on, onto the diagonal.
    const double pivot = rows[c][c] > 0 ? -std::sqrt(below) : std::sqrt(below);
    const double square = below - pivot * rows[c][c];  // half of the reflector's
    rows[c][c] -= pivot;
    for (std::size_t other = c + 1; other <= kColumns; ++other) {
      double dot = 0;
      for (std::size_t r = c; r < rows.size(); ++r) dot += rows[r][c] * rows[r][other];
      for (std::size_t r = c; r < rows.size(); ++r) rows[r][other] -= dot / square * rows[r][c];
    }
    rows[c][c] = pivot;
  }
  std::array<double, kColumns> x{};
  for (std::size_t c = kColumns; c-- > 0;) {
    double rest = rows[c][kColumns];
    for (std::size_t other = c + 1; other < kColumns; ++other) rest -= rows[c][other] * x[other];
    x[c] = rest / rows[c][c];
  }
  return {{x[0], x[1], x[2]}, {x[3], x[4], 0}, x[5], shift};
}

}  // namespace outthink
