// SPDX-License-Identifier: MIT
// 100 samples of GPT-4 for each of 100 Game of 24 puzzles. S. Yao et al. 2023 (arXiv:2305.10601)
// report 33 of 100 for the best of 100 plain answers, 49 for the best of 100 chains of thought, and
// 9 for the vote of the latter.
#include "makes_24.hpp"
#include "recorded_lines.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/replay.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace outthink;
using outthink::test::makes_24;

namespace {

/// Says 1 where the solution makes 24 of the problem's numbers, otherwise 0.
struct puzzle_checker {
  using request = score_request;
  using response = verdict;

  std::vector<verdict> answer(std::span<const score_request> requests) const {
    std::vector<verdict> verdicts(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const bool right = makes_24(requests[i].trace.prompt(), requests[i].trace.solution());
      verdicts[i].scores.push_back(right ? 1 : 0);
    }
    return verdicts;
  }
};

struct recording {
  backends::replay model;
  std::vector<problem> puzzles;
  std::vector<test::sample_count> counts;
  std::size_t disagreements = 0;  ///< between `makes_24` and the published verdicts

  explicit recording(const char* name) {
    for (const auto& entry : test::recorded_lines(name)) {
      const auto prompt = entry["prompt"].get<std::string>();
      const auto lines = entry["lines"].get<std::vector<std::string>>();
      const auto right = entry["correct"].get<std::vector<int>>();
      puzzles.emplace_back(prompt);
      counts.push_back({100, 0});
      for (const std::size_t sample : entry["samples"]) {
        model.record(prompt, {lines[sample]});
        counts.back().right += right[sample] == 1;
      }
      for (std::size_t i = 0; i < lines.size(); ++i)
        disagreements += makes_24(prompt, lines[i]) != (right[i] == 1);
    }
  }

  [[nodiscard]] int solved(const auto& aggregate, solve_options options = {}) {
    options.steps.delimiter = "";
    const auto outcomes = solve_all(puzzles, model, repeated_sampling{.n = 100}, puzzle_checker{},
                                    aggregate, options);
    int right = 0;
    for (std::size_t i = 0; i < outcomes.size(); ++i)
      right += outcomes[i].has_answer() && makes_24(puzzles[i].prompt, outcomes[i].best().solution);
    return right;
  }
};

const solve_options kVoteOverExpression{.answer = test::expression_of};

void check_pass_at_k(const recording& run,
                     std::initializer_list<std::pair<std::uint64_t, double>> expected) {
  for (const auto& [k, percent] : expected) {
    CAPTURE(k);
    CHECK(test::rounds_to(test::mean_pass_at_k(run.counts, k), percent, 4));
  }
}

}  // namespace

TEST_CASE("Game of 24, GPT-4's plain answers: pass@k, and 33 of 100 by the best of 100") {
  recording run("game24_io.jsonl");
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
  recording run("game24_cot.jsonl");
  CHECK(run.disagreements == 0);
  check_pass_at_k(
      run,
      {{1, 4.03}, {2, 7.28}, {5, 14.292}, {10, 21.4769}, {20, 29.5489}, {50, 40.6848}, {100, 49}});
  CHECK(run.solved(best_score{}) == 49);
}

// The published 9 is the vote over whole last lines; over the expressions in them it is 8. Both
// take the answer given first where several have most votes (7 to 9 over all ways to break ties).
TEST_CASE("Game of 24, self-consistency over 100 chains solves 9 by last lines, 8 by expressions") {
  recording run("game24_cot.jsonl");
  CHECK(run.solved(majority_vote{}) == 9);
  CHECK(run.solved(majority_vote{}, kVoteOverExpression) == 8);
}

TEST_CASE("Game of 24, the vote of 100 plain answers solves 9 of 100") {
  recording run("game24_io.jsonl");
  CHECK(run.solved(majority_vote{}, kVoteOverExpression) == 9);
}
