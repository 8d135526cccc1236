// SPDX-License-Identifier: MIT
#pragma once

#include "recorded_lines.hpp"
#include <outthink/analysis/expected_best_of_k.hpp>
#include <outthink/backends/replay.hpp>
#include <outthink/concepts/verifier.hpp>
#include <outthink/core/outcome.hpp>
#include <outthink/core/problem.hpp>
#include <outthink/runtime/solve_options.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace bench::recorded {

/// The recorded rewards as a verifier: an outcome reward model that judges whole solutions.
struct recorded_rewards {
  using request = outthink::score_request;
  using response = outthink::verdict;
  std::map<std::string, std::vector<float>, std::less<>> by_prompt;

  [[nodiscard]] std::vector<response> answer(std::span<const request> requests) {
    std::vector<response> verdicts(requests.size());
    std::map<std::string, std::size_t> seen;  // equal answers: the i-th asked is the i-th recorded
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const std::string prompt(requests[i].trace.prompt());
      verdicts[i].scores.push_back(by_prompt[prompt][seen[prompt]++]);
    }
    return verdicts;
  }
};

/// Solutions that are one step.
inline const outthink::solve_options whole_solutions{.steps = {.delimiter = ""}};

/// Qwen2.5-Math on 100 MATH problems, 8 samples each with the scores of its reward model.
struct qwen_math {
  outthink::backends::replay model;
  recorded_rewards rewards;
  std::vector<outthink::problem> problems;
  std::vector<nlohmann::json> content = recorded_lines("qwen_math.jsonl");

  qwen_math() {
    for (const auto& entry : content) {
      const auto id = entry["id"].get<std::string>();
      problems.emplace_back(id);
      for (const auto& text : entry["answer"]) model.record(id, {text.get<std::string>()});
      rewards.by_prompt[id] = entry["reward"].get<std::vector<float>>();
    }
  }

  /// Problems of which the chosen sample is right.
  [[nodiscard]] int right(const std::vector<outthink::outcome>& outcomes) const {
    int count = 0;
    for (std::size_t i = 0; i < outcomes.size(); ++i)
      count += content[i]["correct"][outcomes[i].chosen].get<int>();
    return count;
  }

  /// pass@k in percent.
  [[nodiscard]] double pass_at(std::uint64_t k) const {
    std::vector<sample_count> counts;
    for (const auto& entry : content) {
      const auto correct = entry["correct"].get<std::vector<int>>();
      counts.push_back(
          {8, static_cast<std::uint64_t>(std::count(correct.begin(), correct.end(), 1))});
    }
    return mean_pass_at_k(counts, k);
  }

  /// The problems solved by the best of k samples by reward, over all ways to draw k of the 8.
  [[nodiscard]] double best_of(std::size_t k) const {
    double sum = 0;
    for (const auto& entry : content)
      sum += outthink::expected_best_of_k(entry["reward"].get<std::vector<float>>(),
                                          entry["correct"].get<std::vector<double>>(), k);
    return sum;
  }
};

}  // namespace bench::recorded
