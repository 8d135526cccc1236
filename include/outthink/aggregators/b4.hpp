// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/aggregators/test_outcomes.hpp>
#include <outthink/concepts/aggregator.hpp>
#include <outthink/core/candidate.hpp>
#include <outthink/core/error.hpp>
#include <outthink/kernels/gamma_distribution.hpp>
#include <outthink/kernels/pass_matrix.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace outthink {

/// @brief Chooses the group of programs that most probably is right, with the tests it passes
/// taken for the right ones: B4, the Bayesian choice by generated tests.
///
/// How it works: for each group of programs that pass the same tests, suppose it is right and so
/// are those tests. The score is the log probability of the whole matrix under that supposition:
///   ln B(t + a, M - t + 1) + ln B(s + a, N - s + 1)
///     + ln B(p₁ + 1, n₁ - p₁ + 1) + ln B(p₀ + 1, n₀ - p₀ + b),
/// for N programs, M tests, s programs in the group and t tests that it passes, n₁ cells of other
/// programs and those tests, p₁ of them passed, n₀ and p₀ for the other tests.
/// Requires: `candidate::key` holds a character for each test, '1' if it passes, all of one length
/// (see `solve_options::key`). Candidates with an empty answer did not run and take no part.
/// Cost: O(n · tests + n² · tests / 64). Errors: `errc::invalid_argument` for rows of
/// different lengths and for options that are not positive. Confidence: the share of programs that
/// have the best score. Numerics: logarithms within 1e-8; of equal scores the earlier program.
/// Reference: M. Chen et al. 2024, arXiv:2409.08692 (b of 1e4 to 1e6, a of 1e3).
/// Example: examples/choose_program.cpp.
struct b4 {
  double agree = 1e3;   ///< a, > 0: how common right programs and right tests are
  double chance = 1e5;  ///< b, > 0: how seldom a wrong program passes a wrong test

  [[nodiscard]] decision operator()(std::span<const candidate> candidates) const {
    require(agree > 0 && chance > 0, "b4: agree and chance must be positive");
    const detail::test_outcomes outcomes(candidates);
    return outcomes.best(scores(outcomes.matrix()), -std::numeric_limits<double>::infinity());
  }

  /// The score of each program.
  [[nodiscard]] std::vector<double> scores(const kernels::pass_matrix& matrix) const {
    const std::size_t n = matrix.solutions;
    std::vector<std::uint32_t> passed(n);
    kernels::pass_counts(matrix, passed);
    std::vector<double> scores(n);
    for (std::size_t i = 0; i < n; ++i) {
      double s = 0;                  // programs of the group
      double with = 0, without = 0;  // passes of others, of the group's tests and of the rest
      for (std::size_t j = 0; j < n; ++j) {
        const std::uint32_t both = common(matrix.row(i), matrix.row(j));
        const bool same = both == passed[i] && both == passed[j];
        s += same ? 1 : 0;
        with += same ? 0 : both;
        without += same ? 0 : passed[j] - both;
      }
      const double t = passed[i];
      const double programs = static_cast<double>(n), tests = static_cast<double>(matrix.tests);
      const double cells = (programs - s) * t, rest = (programs - s) * (tests - t);
      scores[i] = log_beta(t + agree, tests - t + 1) + log_beta(s + agree, programs - s + 1) +
                  log_beta(with + 1, cells - with + 1) +
                  log_beta(without + 1, rest - without + chance);
    }
    return scores;
  }

 private:
  static double log_beta(double x, double y) noexcept {
    return kernels::log_gamma(x) + kernels::log_gamma(y) - kernels::log_gamma(x + y);
  }

  static std::uint32_t common(std::span<const std::uint64_t> a,
                              std::span<const std::uint64_t> b) noexcept {
    std::uint32_t count = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
      count += static_cast<std::uint32_t>(std::popcount(a[i] & b[i]));
    return count;
  }
};

}  // namespace outthink
