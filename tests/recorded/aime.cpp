// SPDX-License-Identifier: MIT
// 85 runs of models of 2023 to 2026 on the 45 questions of OTIS Mock AIME, 8 or 16 samples a
// question, from the AI Benchmarking Hub of Epoch AI. pass@1 is the published score.
#include "../../benchmarks/outthink_bench/recorded/aime.hpp"

#include <outthink/policies/repeated_sampling.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

using namespace outthink;
using namespace bench::recorded;

namespace {

constexpr std::uint64_t kBudget = 40'000;  // generated tokens a question

const std::vector<nlohmann::json>& expected_runs() {
  static const auto lines = recorded_lines("aime_expected.jsonl");
  return lines;
}

const std::vector<nlohmann::json>& recorded_questions() {
  static const auto lines = recorded_lines("aime.jsonl");
  return lines;
}

}  // namespace

TEST_CASE("AIME, 85 recorded runs: pass@1 of each is its published score") {
  std::map<std::string, double> pass_at_1;
  for (const auto& expected : expected_runs())
    pass_at_1[expected["run"]] = expected["pass"]["1"].get<double>();
  const auto published = recorded_lines("aime_published.jsonl");
  CHECK(published.size() == 85);
  for (const auto& run : published) {
    CAPTURE(run["run"].get<std::string>());
    CHECK(rounds_to(pass_at_1.at(run["run"]) / 100, run["score"], 3));
  }
}

TEST_CASE("AIME, 85 recorded runs: pass@1, 2, 4 and 8 of each are as recomputed") {
  CHECK(expected_runs().size() == 85);
  for (const auto& expected : expected_runs()) {
    const auto name = expected["run"].get<std::string>();
    CAPTURE(name);
    const aime_run run(recorded_questions(), name);
    for (const auto& [k, percent] : expected["pass"].items())
      CHECK(rounds_to(run.pass_at(std::stoul(k)), percent, 3));
  }
}

// Of equally many votes the answer given first wins; samples without an answer do not vote.
TEST_CASE("AIME, 69 recorded runs: the majority of 8 samples solves what it solved") {
  int runs = 0;
  for (const auto& expected : expected_runs()) {
    if (!expected.contains("majority")) continue;
    CAPTURE(expected["run"].get<std::string>());
    aime_run run(recorded_questions(), expected["run"]);
    CHECK(run.solve_by(repeated_sampling{.n = 8}).solved == expected["majority"]);
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
    aime_run run(recorded_questions(), expected["run"]);
    const auto [solved, tokens] = run.solve_by(early_vote);
    CHECK(solved == expected["early"][0]);
    CHECK(tokens == expected["early"][1]);
    CHECK(solved == expected["majority"]);
    CHECK(10 * tokens < 9 * expected["tokens"].get<std::uint64_t>());
    const auto [within, spent] = run.solve_by(early_vote, kBudget);
    CHECK(within == expected["budget"][0]);
    CHECK(spent == expected["budget"][1]);
    for (const outcome& one : run.outcomes_by(early_vote, run.questions, kBudget))
      CHECK(one.spent.tokens <= kBudget);
    ++runs;
  }
  CHECK(runs == 15);
}
