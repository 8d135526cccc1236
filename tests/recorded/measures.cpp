// SPDX-License-Identifier: MIT
// What analysis says of recorded outputs. The expected numbers are those of a plain program that
// goes through all pairs, all subsets and all thresholds in exact fractions.
#include "../../benchmarks/outthink_bench/recorded/recorded_lines.hpp"
#include <outthink/analysis/brier_score.hpp>
#include <outthink/analysis/compute_optimal_table.hpp>
#include <outthink/analysis/crossing_points.hpp>
#include <outthink/analysis/cumulative_regret.hpp>
#include <outthink/analysis/difficulty_bins.hpp>
#include <outthink/analysis/maj_at_k.hpp>
#include <outthink/analysis/mcnemar_test.hpp>
#include <outthink/analysis/paired_bootstrap.hpp>
#include <outthink/analysis/reliability_bins.hpp>
#include <outthink/analysis/roc_auc.hpp>
#include <outthink/analysis/routing_curve.hpp>
#include <outthink/kernels/pass_at_k.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

using namespace outthink;
using namespace bench::recorded;

namespace {

/// A problem's 8 samples: each answer with its votes, in the order in which they were first given.
struct voted_problem {
  std::vector<std::string> answers;
  std::vector<std::uint32_t> counts;
  std::vector<double> values;

  explicit voted_problem(const nlohmann::json& entry) {
    for (std::size_t i = 0; i < entry["answer"].size(); ++i) {
      const auto answer = entry["answer"][i].get<std::string>();
      const auto found = std::find(answers.begin(), answers.end(), answer);
      const auto at = static_cast<std::size_t>(found - answers.begin());
      if (found == answers.end()) {
        answers.push_back(answer);
        counts.push_back(0);
        values.push_back(entry["correct"][i].get<double>());
      }
      ++counts[at];
    }
  }

  [[nodiscard]] std::size_t leader() const {
    return static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) -
                                    counts.begin());
  }
};

/// How many of each puzzle's 100 samples are right, of a Game of 24 recording.
std::vector<sample_count> right_samples(const char* name) {
  std::vector<sample_count> counts;
  for (const auto& entry : recorded_lines(name)) {
    counts.push_back({100, 0});
    for (const std::size_t sample : entry["samples"])
      counts.back().right += entry["correct"][sample] == 1;
  }
  return counts;
}

/// The puzzles' mean pass@k.
std::vector<cost_point> coverage_of(const char* name) {
  const auto counts = right_samples(name);
  std::vector<cost_point> curve;
  for (const std::uint64_t k : {1U, 2U, 5U, 10U, 20U, 50U, 100U})
    curve.push_back({static_cast<double>(k), mean_pass_at_k(counts, k)});
  return curve;
}

}  // namespace

TEST_CASE("Qwen2.5-Math, recorded samples: the reward tells right from wrong, as recomputed") {
  std::vector<float> all_rewards;
  std::vector<std::uint8_t> all_right;
  double within = 0, mixed = 0;
  for (const auto& entry : recorded_lines("qwen_math.jsonl")) {
    const auto rewards = entry["reward"].get<std::vector<float>>();
    const auto right = entry["correct"].get<std::vector<std::uint8_t>>();
    all_rewards.insert(all_rewards.end(), rewards.begin(), rewards.end());
    all_right.insert(all_right.end(), right.begin(), right.end());
    const double area = roc_auc(rewards, right);
    if (!std::isnan(area)) within += area, mixed += 1;
  }
  CHECK(roc_auc(all_rewards, all_right) == doctest::Approx(0.9682444291819292).epsilon(1e-12));
  CHECK(mixed == 10);
  CHECK(within / mixed == doctest::Approx(0.9).epsilon(1e-12));
}

TEST_CASE("Qwen2.5-Math, recorded samples: maj@k over all subsets, as recomputed") {
  const double expected[] = {91, 91, 91.601190, 92.010714, 92.130357, 92.321429, 92.348214, 92.5};
  const auto content = recorded_lines("qwen_math.jsonl");
  for (std::size_t k = 1; k <= 8; ++k) {
    double sum = 0;
    for (const auto& entry : content) {
      const voted_problem problem(entry);
      sum += maj_at_k({problem.counts, problem.values}, k);
    }
    CAPTURE(k);
    CHECK(rounds_to(sum, expected[k - 1], 6));
  }
}

TEST_CASE("Qwen2.5-Math, recorded samples: the share of votes as a probability, as recomputed") {
  std::vector<float> shares;
  std::vector<std::uint8_t> by_vote, by_reward;
  std::vector<double> vote_gains, reward_gains;
  for (const auto& entry : recorded_lines("qwen_math.jsonl")) {
    const voted_problem problem(entry);
    const std::size_t leader = problem.leader();
    shares.push_back(static_cast<float>(problem.counts[leader]) / 8);
    by_vote.push_back(problem.values[leader] > 0 ? 1 : 0);
    const auto rewards = entry["reward"].get<std::vector<float>>();
    const auto best = std::max_element(rewards.begin(), rewards.end()) - rewards.begin();
    by_reward.push_back(entry["correct"][static_cast<std::size_t>(best)].get<std::uint8_t>());
    vote_gains.push_back(by_vote.back());
    reward_gains.push_back(by_reward.back());
  }
  CHECK(expected_calibration_error(reliability_bins(shares, by_vote, 8)) ==
        doctest::Approx(0.05).epsilon(1e-12));
  CHECK(expected_calibration_error(reliability_bins(shares, by_vote, 4)) ==
        doctest::Approx(0.0375).epsilon(1e-12));
  CHECK(brier_score(shares, by_vote) == doctest::Approx(0.041875).epsilon(1e-12));
  // 93 against 94 of 100 is no difference.
  const discordant_pairs pairs = count_discordant(by_vote, by_reward);
  CHECK(pairs.first_only == 1);
  CHECK(pairs.second_only == 2);
  CHECK(mcnemar_test(pairs).exact == 1);
  const paired_difference compared = paired_bootstrap(vote_gains, reward_gains);
  CHECK(compared.difference == doctest::Approx(0.01));
  CHECK(compared.range.low < 0);
  CHECK(compared.range.high > 0);
  CHECK(compared.p_value > 0.5);
}

// pass@5 is 14.918 for plain answers and 14.292 for chains of thought, pass@10 17.889 and 21.477.
TEST_CASE(
    "Game of 24, recorded samples: chains of thought overtake plain answers at 5.54 samples") {
  const auto crossings =
      crossing_points(coverage_of("game24_io.jsonl"), coverage_of("game24_cot.jsonl"));
  REQUIRE(crossings.size() == 1);
  CHECK(crossings[0].cost == doctest::Approx(5.542).epsilon(1e-3));
  CHECK(crossings[0].second_leads);
}

// The better way to ask, by difficulty (the share of right samples of both) and budget. Easy
// puzzles need chains of thought later than hard ones; on puzzles that it has not seen the table is
// worth as much as the better way for all, or .5 more: 100 puzzles do not show a difference.
TEST_CASE("Game of 24, recorded samples: the compute-optimal table, and its held-out worth") {
  const auto plain = right_samples("game24_io.jsonl"), chains = right_samples("game24_cot.jsonl");
  const std::size_t budgets[] = {1, 5, 10, 100};
  std::vector<double> gains, ease;
  for (const auto* recorded : {&plain, &chains}) {
    for (const std::size_t k : budgets)
      for (const auto& one : *recorded) gains.push_back(kernels::pass_at_k(100, one.right, k));
  }
  for (std::size_t i = 0; i < plain.size(); ++i)
    ease.push_back(static_cast<double>(plain[i].right + chains[i].right) / 200);
  const auto edges = difficulty_edges(ease, 3);
  CHECK(edges == std::vector<double>{0, 0.02});
  const auto bins = difficulty_bins(ease, edges);
  CHECK(std::count(bins.begin(), bins.end(), 1U) == 64);
  CHECK(std::count(bins.begin(), bins.end(), 2U) == 36);
  const strategy_gains measured{2, 4, gains};
  const auto table = compute_optimal_table(measured, bins, 3);
  const std::vector<std::size_t> one_bin(bins.size());
  const auto by_bin = held_out_choice(measured, bins, 3);
  const auto fixed = held_out_choice(measured, one_bin, 1);
  const double expected[][2] = {{7.44, 7.34},
                                {13.456916617787384, 12.996863344681827},
                                {21.476924101631447, 21.476924101631447},
                                {49, 49}};
  for (std::size_t budget = 0; budget < 4; ++budget) {
    CHECK(table.at(1, budget) == 1);
    CHECK(table.at(2, budget) == (budget < 2 ? 0 : 1));
    const auto sum = [&](const strategy_choice& chosen) {
      double all = 0;
      for (const double gain : chosen_gains(measured, chosen, budget)) all += gain;
      return all;
    };
    CHECK(sum(by_bin) == doctest::Approx(expected[budget][0]).epsilon(1e-12));
    CHECK(sum(fixed) == doctest::Approx(expected[budget][1]).epsilon(1e-12));
  }
}

// Llama 3 8B (4112 right) before Gemini 1.5 Pro (8427), by how many of four other small models
// disagree with the former.
TEST_CASE("MMLU-Pro, recorded choices: what a router by disagreement recovers, as recomputed") {
  const auto lines = recorded_text("mmlu_pro.txt");
  std::vector<std::string> names;
  std::istringstream first(lines[0]);
  for (std::string name; first >> name;) names.push_back(name);
  const auto position = [&](const char* name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  };
  const std::size_t small = position("Meta-Llama-3-8B"), large = position("gemini-1.5-pro-002");
  std::vector<float> scores;
  std::vector<double> weak, strong;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    std::istringstream line(lines[i]);
    std::string category, gold, made;
    line >> category >> gold >> made;
    int disagree = 0;
    for (const char* other : {"Meta-Llama-3_1-8B", "gemma-7b", "Mistral-7B-v0.1", "Yi-6B"})
      disagree += made[position(other)] != made[small];
    scores.push_back(static_cast<float>(disagree));
    weak.push_back(made[small] == gold[0] ? 1 : 0);
    strong.push_back(made[large] == gold[0] ? 1 : 0);
  }
  const auto curve = routing_curve(scores, weak, strong);
  REQUIRE(curve.size() == 6);
  CHECK(curve.front().accuracy == doctest::Approx(4112.0 / 12032));
  CHECK(curve[1].cost == doctest::Approx(3022.0 / 12032));
  CHECK(curve[1].accuracy == doctest::Approx(5662.0 / 12032));
  CHECK(curve.back().accuracy == doctest::Approx(8427.0 / 12032));
  CHECK(average_gap_recovered(curve) == doctest::Approx(0.6028965343094351).epsilon(1e-12));
}

// 84, 94, 97, 98, 100, 101, 101 of 134 tasks without reflections; 84, 103, ..., 123 with them.
TEST_CASE("Reflexion, recorded trials: reflections lower the regret of seven trials by a third") {
  const auto regret_of = [](const char* run) {
    std::vector<double> accuracies(7);
    for (const auto& task : recorded_lines("reflexion.jsonl")) {
      if (task["run"] != run) continue;
      const auto success = task["success"].get<std::string>();
      for (std::size_t i = 0; i < 7; ++i) accuracies[i] += success[i] == '1' ? 1.0 / 134 : 0;
    }
    return cumulative_regret(accuracies);
  };
  CHECK(regret_of("base_run_logs") == doctest::Approx(7 - 675.0 / 134));
  CHECK(regret_of("reflexion_run_logs") == doctest::Approx(7 - 769.0 / 134));
}
