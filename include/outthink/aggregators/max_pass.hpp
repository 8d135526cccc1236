// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/aggregators/test_outcomes.hpp>
#include <outthink/concepts/aggregator.hpp>
#include <outthink/core/candidate.hpp>
#include <outthink/kernels/pass_matrix.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace outthink {

/// @brief Chooses a program that passes most tests, whether the tests are right or not.
///
/// Requires: `candidate::key` holds a character for each test, '1' if it passes, all of one length
/// (see `solve_options::key`). Candidates with an empty answer did not run and take no part.
/// Cost: O(n · tests). Errors: `errc::invalid_argument` for rows of different lengths.
/// Confidence: the share of programs that pass as many; 0 where no program passes a test.
/// Numerics: exact; of equal counts the earlier program.
/// Reference: the baseline MaxPass of M. Chen et al. 2024, arXiv:2409.08692.
struct max_pass {
  [[nodiscard]] decision operator()(std::span<const candidate> candidates) const {
    const detail::test_outcomes outcomes(candidates);
    const kernels::pass_matrix matrix = outcomes.matrix();
    std::vector<std::uint32_t> counts(matrix.solutions);
    kernels::pass_counts(matrix, counts);
    return outcomes.best(std::vector<double>(counts.begin(), counts.end()), 0);
  }
};

}  // namespace outthink
