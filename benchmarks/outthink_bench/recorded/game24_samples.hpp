// SPDX-License-Identifier: MIT
#pragma once

#include "makes_24.hpp"
#include "recorded_lines.hpp"
#include <outthink/backends/replay.hpp>
#include <outthink/concepts/verifier.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace bench::recorded {

/// Says 1 where the solution makes 24 of the problem's numbers, otherwise 0.
struct puzzle_checker {
  using request = outthink::score_request;
  using response = outthink::verdict;

  [[nodiscard]] std::vector<response> answer(std::span<const request> requests) const {
    std::vector<response> verdicts(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const bool right = makes_24(requests[i].trace.prompt(), requests[i].trace.solution());
      verdicts[i].scores.push_back(right ? 1 : 0);
    }
    return verdicts;
  }
};

/// 100 samples of GPT-4 for each of 100 Game of 24 puzzles, their last lines as solutions.
struct game24_samples {
  outthink::backends::replay model;
  std::vector<outthink::problem> puzzles;
  std::vector<sample_count> counts;  ///< [puzzles]
  std::size_t disagreements = 0;     ///< between `makes_24` and the published verdicts

  explicit game24_samples(const std::string& name) {
    for (const auto& entry : recorded_lines(name)) {
      const auto prompt = entry["prompt"].get<std::string>();
      const auto lines = entry["lines"].get<std::vector<std::string>>();
      const auto right = entry["correct"].get<std::vector<int>>();
      puzzles.emplace_back(prompt);
      counts.push_back({100, 0});
      for (const std::size_t sample : entry["samples"]) {
        model.record(prompt, {lines[sample]});
        counts.back().right += right[sample] == 1;
      }
      for (std::size_t i = 0; i < lines.size(); ++i)
        disagreements += makes_24(prompt, lines[i]) != (right[i] == 1);
    }
  }

  /// Puzzles solved by what `aggregate` chooses among the 100 samples.
  [[nodiscard]] int solved(const auto& aggregate, outthink::solve_options options = {}) {
    options.steps.delimiter = "";
    const auto outcomes = solve_all(puzzles, model, outthink::repeated_sampling{.n = 100},
                                    puzzle_checker{}, aggregate, options);
    int right = 0;
    for (std::size_t i = 0; i < outcomes.size(); ++i)
      right += outcomes[i].has_answer() && makes_24(puzzles[i].prompt, outcomes[i].best().solution);
    return right;
  }
};

}  // namespace bench::recorded
