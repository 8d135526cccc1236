// SPDX-License-Identifier: MIT
// 85 runs of models of 2023 to 2026 on the 45 questions of OTIS Mock AIME, 8 or 16 samples a
// question, from the AI Benchmarking Hub of Epoch AI. pass@1 is the published score.
#include "recorded_lines.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/replay.hpp>
#include <outthink/policies/adaptive_sampling.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/stopping/adaptive_consistency.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace outthink;

namespace {

std::vector<std::string> words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> all;
  for (std::string word; stream >> word;) all.push_back(word);
  return all;
}

/// A sample without an answer does not vote.
std::string answer_or_none(std::string_view solution) {
  return solution == "-" ? "" : std::string(solution);
}

/// One run of one model.
struct run_log {
  backends::replay model;
  std::vector<problem> questions;
  std::vector<std::string> correct;  ///< a digit each sample

  run_log(const std::vector<nlohmann::json>& recorded, const std::string& name) {
    for (const auto& question : recorded) {
      const auto& run = question["runs"][name];
      questions.emplace_back("question " + std::to_string(questions.size()));
      correct.push_back(run["correct"].get<std::string>());
      const auto answers = words(run.value("answers", ""));
      const auto tokens = words(run.value("tokens", ""));
      for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto cost = tokens.empty() ? 0U : static_cast<std::uint32_t>(std::stoul(tokens[i]));
        model.record(questions.back().prompt, {answers[i], cost});
      }
    }
  }

  /// Questions solved and tokens spent.
  [[nodiscard]] std::pair<int, std::uint64_t> solve_by(const auto& policy,
                                                       std::uint64_t budget = budget::kUnlimited) {
    solve_options options{.answer = answer_or_none};
    options.steps = {.delimiter = "", .max_total_tokens = 1'000'000};
    options.limits.tokens = budget;
    const auto outcomes =
        solve_all(questions, model, policy, no_verifier{}, majority_vote{}, options);
    std::pair<int, std::uint64_t> result{0, 0};
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      REQUIRE(outcomes[i].status != outcome_status::failed);
      if (outcomes[i].has_answer()) result.first += correct[i][outcomes[i].chosen] == '1';
      CHECK(outcomes[i].spent.tokens <= budget);
      result.second += outcomes[i].spent.tokens;
    }
    return result;
  }
};

const std::vector<nlohmann::json>& expected_runs() {
  static const auto lines = test::recorded_lines("aime_expected.jsonl");
  return lines;
}

const std::vector<nlohmann::json>& recorded_questions() {
  static const auto lines = test::recorded_lines("aime.jsonl");
  return lines;
}

}  // namespace

TEST_CASE("AIME, 85 recorded runs: pass@1 of each is its published score") {
  std::map<std::string, double> pass_at_1;
  for (const auto& expected : expected_runs())
    pass_at_1[expected["run"]] = expected["pass"]["1"].get<double>();
  const auto published = test::recorded_lines("aime_published.jsonl");
  CHECK(published.size() == 85);
  for (const auto& run : published) {
    CAPTURE(run["run"].get<std::string>());
    CHECK(test::rounds_to(pass_at_1.at(run["run"]) / 100, run["score"], 3));
  }
}

TEST_CASE("AIME, 85 recorded runs: pass@1, 2, 4 and 8 of each are as recomputed") {
  CHECK(expected_runs().size() == 85);
  for (const auto& expected : expected_runs()) {
    const auto name = expected["run"].get<std::string>();
    CAPTURE(name);
    std::vector<test::sample_count> counts;
    for (const std::string& marks : run_log(recorded_questions(), name).correct) {
      test::sample_count count{0, 0};
      for (const char mark : marks) {
        count.samples += mark != '-';
        count.right += mark == '1';
      }
      counts.push_back(count);
    }
    for (const auto& [k, percent] : expected["pass"].items())
      CHECK(test::rounds_to(test::mean_pass_at_k(counts, std::stoul(k)), percent, 3));
  }
}

// Of equally many votes the answer given first wins; samples without an answer do not vote.
TEST_CASE("AIME, 69 recorded runs: the majority of 8 samples solves what it solved") {
  int runs = 0;
  for (const auto& expected : expected_runs()) {
    if (!expected.contains("majority")) continue;
    CAPTURE(expected["run"].get<std::string>());
    run_log run(recorded_questions(), expected["run"]);
    CHECK(run.solve_by(repeated_sampling{.n = 8}).first == expected["majority"]);
    ++runs;
  }
  CHECK(runs == 69);
}

// Stopping when the leader is ahead with .95 solves as many as all 8 samples in each of the 15 runs
// whose tokens are known, for 16 to 46 % fewer tokens.
TEST_CASE("AIME, 15 recorded runs: a vote that stops early solves as many for fewer tokens") {
  int runs = 0;
  for (const auto& expected : expected_runs()) {
    if (!expected.contains("early")) continue;
    CAPTURE(expected["run"].get<std::string>());
    run_log run(recorded_questions(), expected["run"]);
    const adaptive_sampling<adaptive_consistency> policy{.stop = {}, .batch = 1, .max_samples = 8};
    const auto [solved, tokens] = run.solve_by(policy);
    CHECK(solved == expected["early"][0]);
    CHECK(tokens == expected["early"][1]);
    CHECK(solved == expected["majority"]);
    CHECK(10 * tokens < 9 * expected["tokens"].get<std::uint64_t>());
    const auto [within, spent] = run.solve_by(policy, 40'000);
    CHECK(within == expected["budget"][0]);
    CHECK(spent == expected["budget"][1]);
    ++runs;
  }
  CHECK(runs == 15);
}
