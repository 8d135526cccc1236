// SPDX-License-Identifier: MIT
// 100 samples of GPT-4 for each of 100 Game of 24 puzzles. S. Yao et al. 2023 (arXiv:2305.10601)
// report 33 of 100 for the best of 100 plain answers, 49 for the best of 100 chains of thought, and
// 9 for the vote of the latter.
#include "../../benchmarks/outthink_bench/recorded/game24_samples.hpp"

#include <outthink/aggregators/best_score.hpp>
#include <outthink/aggregators/majority_vote.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <initializer_list>
#include <utility>

using namespace outthink;
using namespace bench::recorded;

namespace {

const solve_options kVoteOverExpression{.answer = expression_of};

void check_pass_at_k(const game24_samples& run,
                     std::initializer_list<std::pair<std::uint64_t, double>> expected) {
  for (const auto& [k, percent] : expected) {
    CAPTURE(k);
    CHECK(rounds_to(mean_pass_at_k(run.counts, k), percent, 4));
  }
}

}  // namespace

TEST_CASE("Game of 24, GPT-4's plain answers: pass@k, and 33 of 100 by the best of 100") {
  game24_samples run("game24_io.jsonl");
  CHECK(run.disagreements == 0);
  check_pass_at_k(run, {{1, 7.34},
                        {2, 10.5745},
                        {5, 14.9177},
                        {10, 17.8887},
                        {20, 21.1529},
                        {50, 27.2788},
                        {100, 33}});
  CHECK(run.solved(best_score{}) == 33);
}

TEST_CASE("Game of 24, GPT-4's chains of thought: pass@k, and 49 of 100 by the best of 100") {
  game24_samples run("game24_cot.jsonl");
  CHECK(run.disagreements == 0);
  check_pass_at_k(
      run,
      {{1, 4.03}, {2, 7.28}, {5, 14.292}, {10, 21.4769}, {20, 29.5489}, {50, 40.6848}, {100, 49}});
  CHECK(run.solved(best_score{}) == 49);
}

// The published 9 is the vote over whole last lines; over the expressions in them it is 8. Both
// take the answer given first where several have most votes (7 to 9 over all ways to break ties).
TEST_CASE("Game of 24, self-consistency over 100 chains solves 9 by last lines, 8 by expressions") {
  game24_samples run("game24_cot.jsonl");
  CHECK(run.solved(majority_vote{}) == 9);
  CHECK(run.solved(majority_vote{}, kVoteOverExpression) == 8);
}

TEST_CASE("Game of 24, the vote of 100 plain answers solves 9 of 100") {
  game24_samples run("game24_io.jsonl");
  CHECK(run.solved(majority_vote{}, kVoteOverExpression) == 9);
}
