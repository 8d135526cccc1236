// SPDX-License-Identifier: MIT
// 999 pairs of answers by five language models of 7 billion parameters, each compared by three
// people and by two judge models (Y. Wang et al. 2023, arXiv:2306.05087).
#include "../../benchmarks/outthink_bench/recorded/pandalm.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace bench::recorded;
using score = pandalm::score;

TEST_CASE("PandaLM, recorded comparisons: wins, losses and ties by majority are as published") {
  auto table = pandalm().scores();
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

TEST_CASE("PandaLM, recorded comparisons: the judges agree with most people on 69.77 and 66.77 %") {
  const pandalm run;
  CHECK(run.pairs.size() == 999);
  CHECK(rounds_to(run.agreement("gpt35"), 0.6977, 4));
  CHECK(rounds_to(run.agreement("pandalm"), 0.6677, 4));
}

TEST_CASE("PandaLM, recorded comparisons: Bradley-Terry ratings are as recomputed") {
  const std::vector<std::pair<std::string, double>> expected{{"llama-7b", 125.8},
                                                             {"pythia-6.9b", 12.8},
                                                             {"bloom-7b", -3.2},
                                                             {"opt-7b", -42.2},
                                                             {"cerebras-gpt-6.7B", -93.2}};
  const auto ratings = pandalm().ratings();
  CHECK(ratings.size() == expected.size());
  for (const auto& [name, rating] : expected) {
    CAPTURE(name);
    CHECK(rounds_to(ratings.at(name), rating, 1));
  }
}
