// SPDX-License-Identifier: MIT
// The choices of 29 models on the 12,032 questions of MMLU-Pro (Y. Wang et al. 2024,
// arXiv:2406.01574), voted on.
#include "../../benchmarks/outthink_bench/recorded/mmlu_pro.hpp"

#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/aggregators/weighted_vote.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>

using namespace outthink;
using namespace bench::recorded;

TEST_CASE("MMLU-Pro, 29 recorded models: each solves what it solved") {
  const mmlu_pro run;
  const auto recomputed = recorded_object("mmlu_pro_expected.json");
  REQUIRE(run.predictions.size() == 12032);
  for (std::size_t m = 0; m < run.models.size(); ++m) {
    CAPTURE(run.models[m]);
    const auto& expected = recomputed["models"][run.models[m]];
    int asked = 0;
    for (const std::string& made : run.predictions) asked += made[m] != '?';
    CHECK(asked == expected[0]);
    CHECK(run.right[m] == expected[1]);
  }
}

// A vote of unequal voters is worse than its best voter (8427, Gemini 1.5 Pro): weights help, and a
// vote among the best few comes out level.
TEST_CASE("MMLU-Pro: votes of several recorded models solve what they solved") {
  const mmlu_pro run;
  const auto recomputed = recorded_object("mmlu_pro_expected.json");
  CHECK(run.solved(majority_vote{}, run.best(29)) == recomputed["majority of all"]);
  CHECK(run.solved(majority_vote{}, run.best(5)) == recomputed["majority of the best 5"]);
  CHECK(run.solved(majority_vote{}, run.best(3)) == recomputed["majority of the best 3"]);
  CHECK(run.solved(weighted_vote{}, run.best(29)) == recomputed["all, weighed by right answers"]);
  CHECK(recomputed["majority of all"] == 7274);
  CHECK(recomputed["majority of the best 5"] == 8432);
}
