// SPDX-License-Identifier: MIT
// Qwen2.5-Math on 100 MATH problems, 8 samples each with the scores of its reward model. The vote
// (93; 91 to 94 over all ways to break the ties of four problems) compares answers as they were
// extracted and takes the first given of equally many; by meaning it is the same.
#include "recorded_lines.hpp"
#include <outthink/analysis/expected_best_of_k.hpp>
#include <outthink/answers/answer_key.hpp>
#include <outthink/outthink.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
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
  std::vector<nlohmann::json> content = test::recorded_lines("qwen_math.jsonl");

  recording() {
    for (const auto& entry : content) {
      const auto id = entry["id"].get<std::string>();
      problems.emplace_back(id);
      for (const auto& text : entry["answer"]) model.record(id, {text.get<std::string>()});
      rewards.by_prompt[id] = entry["reward"].get<std::vector<float>>();
    }
  }

  int right(const std::vector<outcome>& outcomes) const {
    int count = 0;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      count += content[i]["correct"][outcomes[i].chosen].get<int>();
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
  for (const auto& entry : run.content) first += entry["correct"][0].get<int>();
  CHECK(run.right(outcomes) == first);
}

// Of the 800 answers no right one shares its key with a wrong one, and the right answers of each
// problem share one key.
TEST_CASE("answer_key keeps right and wrong answers of recorded samples apart") {
  recording run;
  for (const auto& entry : run.content) {
    std::map<std::string, int> judged;
    std::size_t right = 0;
    for (std::size_t i = 0; i < entry["answer"].size(); ++i) {
      const int correct = entry["correct"][i].get<int>();
      const auto [found, first] =
          judged.emplace(answer_key(entry["answer"][i].get<std::string>()), correct);
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

TEST_CASE("recorded samples: pass@k, and the best of k by reward over all subsets, as recomputed") {
  const recording run;
  std::vector<test::sample_count> counts;
  for (const auto& entry : run.content) {
    const auto correct = entry["correct"].get<std::vector<int>>();
    counts.push_back(
        {8, static_cast<std::uint64_t>(std::count(correct.begin(), correct.end(), 1))});
  }
  CHECK(test::rounds_to(test::mean_pass_at_k(counts, 1), 91, 4));
  CHECK(test::rounds_to(test::mean_pass_at_k(counts, 2), 93.2857, 4));
  CHECK(test::rounds_to(test::mean_pass_at_k(counts, 4), 95.1, 4));
  CHECK(test::rounds_to(test::mean_pass_at_k(counts, 8), 96, 4));
  const double best_of[] = {91, 92.7857, 93.3929, 93.6143, 93.7143, 93.7857, 93.875, 94};
  for (std::size_t k = 1; k <= 8; ++k) {
    double sum = 0;
    for (const auto& entry : run.content)
      sum += expected_best_of_k(entry["reward"].get<std::vector<float>>(),
                                entry["correct"].get<std::vector<double>>(), k);
    CAPTURE(k);
    CHECK(test::rounds_to(sum, best_of[k - 1], 4));
  }
}
