// SPDX-License-Identifier: MIT
// 999 pairs of answers by five language models of 7 billion parameters, each compared by three
// people and by two judge models (Y. Wang et al. 2023, arXiv:2306.05087).
#include "../support/vote.hpp"
#include "recorded_lines.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/kernels/bradley_terry_update.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace outthink;

namespace {

/// What most of the three people said: "1" the first is better, "2" the second, "0" neither.
std::string people_say(const nlohmann::json& pair) {
  std::vector<candidate> votes;
  for (const int verdict : pair["humans"]) votes.push_back(test::voter(std::to_string(verdict)));
  return votes[majority_vote{}(votes).chosen].answer;
}

struct score {
  int wins = 0, losses = 0, ties = 0;
  bool operator==(const score&) const = default;
};

}  // namespace

TEST_CASE("PandaLM, recorded comparisons: wins, losses and ties by majority are as published") {
  std::map<std::pair<std::string, std::string>, score> table;
  for (const auto& pair : test::recorded_lines("pandalm.jsonl")) {
    score& one = table[{pair["a"], pair["b"]}];
    const std::string verdict = people_say(pair);
    ++(verdict == "1" ? one.wins : verdict == "2" ? one.losses : one.ties);
  }
  CHECK(table.size() == 10);
  CHECK(table[{"bloom-7b", "llama-7b"}] == score{28, 72, 11});
  CHECK(table[{"bloom-7b", "opt-7b"}] == score{43, 35, 11});
  CHECK(table[{"cerebras-gpt-6.7B", "llama-7b"}] == score{24, 80, 6});
  CHECK(table[{"cerebras-gpt-6.7B", "opt-7b"}] == score{33, 49, 9});
  CHECK(table[{"cerebras-gpt-6.7B", "pythia-6.9b"}] == score{27, 53, 11});
  CHECK(table[{"opt-7b", "pythia-6.9b"}] == score{32, 53, 15});
  CHECK(table[{"bloom-7b", "pythia-6.9b"}] == score{47, 49, 11});
  CHECK(table[{"llama-7b", "opt-7b"}] == score{71, 24, 11});
  CHECK(table[{"llama-7b", "pythia-6.9b"}] == score{58, 27, 9});
  CHECK(table[{"bloom-7b", "cerebras-gpt-6.7B"}] == score{59, 30, 11});
}

// GPT-3.5 also says "Tie", and 25 times nothing that can be read, which agrees with nobody.
TEST_CASE("PandaLM, recorded comparisons: the judges agree with most people on 69.77 and 66.77 %") {
  int gpt = 0, pandalm = 0;
  const auto pairs = test::recorded_lines("pandalm.jsonl");
  for (const auto& pair : pairs) {
    const std::string verdict = people_say(pair);
    const std::string said = pair["gpt35"] == "Tie" ? "0" : pair["gpt35"].get<std::string>();
    gpt += said == verdict;
    pandalm += pair["pandalm"] == verdict;
  }
  CHECK(pairs.size() == 999);
  CHECK(test::rounds_to(gpt / 999.0, 0.6977, 4));
  CHECK(test::rounds_to(pandalm / 999.0, 0.6677, 4));
}

TEST_CASE("PandaLM, recorded comparisons: Bradley-Terry ratings are as recomputed") {
  const std::vector<std::pair<std::string, double>> expected{{"llama-7b", 125.8},
                                                             {"pythia-6.9b", 12.8},
                                                             {"bloom-7b", -3.2},
                                                             {"opt-7b", -42.2},
                                                             {"cerebras-gpt-6.7B", -93.2}};
  const std::size_t n = expected.size();
  std::map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < n; ++i) index[expected[i].first] = i;
  std::vector<double> wins(n * n), strengths(n, 1), scratch(n);
  for (const auto& pair : test::recorded_lines("pandalm.jsonl")) {
    const std::size_t a = index.at(pair["a"]), b = index.at(pair["b"]);
    const std::string verdict = people_say(pair);
    wins[a * n + b] += verdict == "1" ? 1 : verdict == "2" ? 0 : 0.5;
    wins[b * n + a] += verdict == "2" ? 1 : verdict == "1" ? 0 : 0.5;
  }
  while (kernels::bradley_terry_update(wins, strengths, scratch) > 1e-12) continue;
  double mean = 0;
  for (const double strength : strengths)
    mean += 400 * std::log10(strength) / static_cast<double>(n);
  for (std::size_t i = 0; i < n; ++i) {
    CAPTURE(expected[i].first);
    CHECK(test::rounds_to(400 * std::log10(strengths[i]) - mean, expected[i].second, 1));
  }
}
