// SPDX-License-Identifier: MIT
// Outputs of a real model, voted on by the library: the numbers are those of an independent script.
#include <outthink/answers/answer_key.hpp>
#include <outthink/interop/json.hpp>
#include <outthink/outthink.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <fstream>
#include <map>
#include <span>
#include <string>
#include <vector>

using namespace outthink;

namespace {

/// The recorded rewards as a verifier: an outcome reward model that judges whole solutions.
struct recorded_rewards {
  using request = score_request;
  using response = verdict;
  std::map<std::string, std::vector<float>, std::less<>> by_prompt;
  std::map<std::string, std::vector<std::string>, std::less<>> answers;

  std::vector<verdict> answer(std::span<const score_request> requests) {
    std::vector<verdict> verdicts(requests.size());
    std::map<std::string, std::size_t> seen;  // equal answers: the i-th asked is the i-th recorded
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const std::string prompt(requests[i].trace.prompt());
      verdicts[i].scores.push_back(by_prompt[prompt][seen[prompt]++]);
    }
    return verdicts;
  }
};

struct recording {
  backends::replay model;
  recorded_rewards rewards;
  std::vector<problem> problems;
  nlohmann::json content;

  recording() {
    std::ifstream(OUTTHINK_SOURCE_DIR "/tests/data/qwen25math_math100.json") >> content;
    for (const auto& entry : content["problems"]) {
      const auto id = entry["id"].get<std::string>();
      problems.emplace_back(id);
      for (const auto& text : entry["answers"]) model.record(id, {text.get<std::string>()});
      rewards.by_prompt[id] = entry["rewards"].get<std::vector<float>>();
    }
  }

  int right(const std::vector<outcome>& outcomes) const {
    int count = 0;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      count += content["problems"][i]["correct"][outcomes[i].chosen].get<int>();
    }
    return count;
  }
};

const solve_options kWhole{.steps = {.delimiter = ""}};

}  // namespace

TEST_CASE("majority of 8 recorded Qwen2.5-Math samples is right on 93 of 100 problems") {
  recording run;
  no_verifier none;
  const auto outcomes =
      solve_all(run.problems, run.model, repeated_sampling{.n = 8}, none, majority_vote{}, kWhole);
  CHECK(run.right(outcomes) == 93);
}

TEST_CASE("best of 8 recorded samples by the recorded reward is right on 94 of 100 problems") {
  recording run;
  const auto outcomes = solve_all(run.problems, run.model, repeated_sampling{.n = 8}, run.rewards,
                                  best_score{}, kWhole);
  CHECK(run.right(outcomes) == 94);
}

TEST_CASE("one recorded sample is right as often as the first samples are") {
  recording run;
  no_verifier none;
  const auto outcomes =
      solve_all(run.problems, run.model, repeated_sampling{.n = 1}, none, majority_vote{}, kWhole);
  int first = 0;
  for (const auto& entry : run.content["problems"]) first += entry["correct"][0].get<int>();
  CHECK(run.right(outcomes) == first);
}

// Of the 800 answers no right one shares its key with a wrong one, and the right answers of each
// problem share one key.
TEST_CASE("answer_key keeps right and wrong answers of recorded samples apart") {
  recording run;
  for (const auto& entry : run.content["problems"]) {
    std::map<std::string, int> judged;
    std::size_t right = 0;
    for (std::size_t i = 0; i < entry["answers"].size(); ++i) {
      const int correct = entry["correct"][i].get<int>();
      const auto [found, first] =
          judged.emplace(answer_key(entry["answers"][i].get<std::string>()), correct);
      CAPTURE(found->first);
      CHECK(found->second == correct);
      right += first && correct == 1;
    }
    CHECK(right <= 1);
  }
}

TEST_CASE("recorded samples are chosen alike by every name of a rule") {
  recording run;
  const auto chosen_by = [&run](const auto& aggregate, const solve_options& options) {
    const auto outcomes = solve_all(run.problems, run.model, repeated_sampling{.n = 8}, run.rewards,
                                    aggregate, options);
    return run.right(outcomes);
  };
  solve_options by_meaning = kWhole;
  by_meaning.key = [](std::string_view answer) { return answer_key(answer); };
  CHECK(chosen_by(prm_last_max, kWhole) == 94);
  CHECK(chosen_by(soft_best_of_n{.temperature = 1e-6F}, kWhole) == 94);
  CHECK(chosen_by(borda_vote{.power = 40}, kWhole) == 94);
  CHECK(chosen_by(borda_vote{.power = 0}, kWhole) == 93);
  CHECK(chosen_by(consensus{}, kWhole) == 93);
  CHECK(chosen_by(majority_vote{}, by_meaning) == 93);
}
