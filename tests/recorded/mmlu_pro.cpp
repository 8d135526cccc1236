// SPDX-License-Identifier: MIT
// The choices of 29 models on the 12,032 questions of MMLU-Pro (Y. Wang et al. 2024,
// arXiv:2406.01574), voted on.
#include "recorded_lines.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/aggregators/weighted_vote.hpp>
#include <outthink/core/candidate.hpp>
#include <outthink/core/selection.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <sstream>
#include <string>
#include <vector>

using namespace outthink;

namespace {

struct recording {
  std::vector<std::string> models;
  std::string gold;                      ///< the right choice of each question
  std::vector<std::string> predictions;  ///< each question's, a letter each model
  std::vector<float> right;              ///< questions each model solved
  nlohmann::json expected;

  recording() {
    auto lines = test::recorded_text("mmlu_pro.txt");
    std::istringstream names(lines[0]);
    for (std::string name; names >> name;) models.push_back(name);
    right.resize(models.size());
    for (std::size_t i = 1; i < lines.size(); ++i) {
      std::istringstream line(lines[i]);
      std::string category, choice, made;
      line >> category >> choice >> made;
      gold += choice;
      predictions.push_back(made);
      for (std::size_t m = 0; m < models.size(); ++m)
        if (made[m] == choice[0]) ++right[m];
    }
    std::string text;
    for (const auto& line : test::recorded_text("mmlu_pro_expected.json")) text += line;
    expected = nlohmann::json::parse(text);
  }

  /// The `count` models that solve most, in the order of `models`.
  [[nodiscard]] std::vector<std::size_t> best(std::size_t count) const {
    auto chosen = best_positions(right, count);
    std::sort(chosen.begin(), chosen.end());
    return chosen;
  }

  /// Questions solved by the vote of these models; '-' is no choice, '?' was not asked.
  [[nodiscard]] int solved(const auto& vote, const std::vector<std::size_t>& voters) const {
    std::vector<candidate> ballots(voters.size());
    for (std::size_t i = 0; i < voters.size(); ++i) ballots[i].step_scores = {right[voters[i]]};
    int count = 0;
    for (std::size_t q = 0; q < predictions.size(); ++q) {
      for (std::size_t i = 0; i < voters.size(); ++i) {
        const char choice = predictions[q][voters[i]];
        ballots[i].answer = choice == '-' || choice == '?' ? "" : std::string(1, choice);
      }
      const decision made = vote(ballots);
      count += made.chosen != outcome::none && ballots[made.chosen].answer[0] == gold[q];
    }
    return count;
  }
};

}  // namespace

TEST_CASE("MMLU-Pro, 29 recorded models: each solves what it solved") {
  const recording run;
  REQUIRE(run.predictions.size() == 12032);
  for (std::size_t m = 0; m < run.models.size(); ++m) {
    CAPTURE(run.models[m]);
    const auto& expected = run.expected["models"][run.models[m]];
    int asked = 0;
    for (const std::string& made : run.predictions) asked += made[m] != '?';
    CHECK(asked == expected[0]);
    CHECK(run.right[m] == expected[1]);
  }
}

// A vote of unequal voters is worse than its best voter (8427, Gemini 1.5 Pro): weights help, and a
// vote among the best few comes out level.
TEST_CASE("MMLU-Pro: votes of several recorded models solve what they solved") {
  const recording run;
  CHECK(run.solved(majority_vote{}, run.best(29)) == run.expected["majority of all"]);
  CHECK(run.solved(majority_vote{}, run.best(5)) == run.expected["majority of the best 5"]);
  CHECK(run.solved(majority_vote{}, run.best(3)) == run.expected["majority of the best 3"]);
  CHECK(run.solved(weighted_vote{}, run.best(29)) == run.expected["all, weighed by right answers"]);
  CHECK(run.expected["majority of all"] == 7274);
  CHECK(run.expected["majority of the best 5"] == 8432);
}
