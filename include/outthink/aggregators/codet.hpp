// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/aggregators/test_outcomes.hpp>
#include <outthink/concepts/aggregator.hpp>
#include <outthink/core/candidate.hpp>
#include <outthink/kernels/codet_scores.hpp>
#include <outthink/kernels/pass_matrix.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace outthink {

/// @brief Chooses a program that agrees with most programs and generated tests: CodeT's dual
/// execution agreement.
///
/// How it works: programs that pass the same tests are a group; a group scores (tests passed) ·
/// √(programs). Wrong programs are wrong each in its own way, right ones agree. By group size alone
/// (MBR-exec) it is `majority_vote`, by tests passed alone `max_pass`.
/// Requires: `candidate::key` holds a character for each test, '1' if it passes, all of one length
/// (see `solve_options::key`). Candidates with an empty answer did not run and take no part.
/// Cost: O(n · tests). Errors: `errc::invalid_argument` for rows of different lengths.
/// Confidence: the share of programs that have the best score; 0 where no program passes a test.
/// Numerics: of equal scores the earlier program. Report the mean over those with the best score,
/// not the first, to compare with published numbers.
/// Reference: B. Chen et al. 2022, arXiv:2207.10397; the root is their code's, the paper has the
/// plain product.
/// Example: examples/choose_program.cpp.
struct codet {
  [[nodiscard]] decision operator()(std::span<const candidate> candidates) const {
    const detail::test_outcomes outcomes(candidates);
    const kernels::pass_matrix matrix = outcomes.matrix();
    std::vector<double> scores(matrix.solutions);
    std::vector<std::uint32_t> scratch(kernels::codet_scratch(matrix.solutions));
    kernels::codet_scores(matrix, scores, scratch);
    return outcomes.best(scores, 0);
  }
};

}  // namespace outthink
