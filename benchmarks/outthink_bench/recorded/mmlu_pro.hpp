// SPDX-License-Identifier: MIT
#pragma once

#include "recorded_lines.hpp"
#include <outthink/concepts/aggregator.hpp>
#include <outthink/core/candidate.hpp>
#include <outthink/core/outcome.hpp>
#include <outthink/core/selection.hpp>

#include <algorithm>
#include <cstddef>
#include <sstream>
#include <string>
#include <vector>

namespace bench::recorded {

/// The choices of 29 models on the 12,032 questions of MMLU-Pro.
struct mmlu_pro {
  std::vector<std::string> models;
  std::string gold;                      ///< the right choice of each question
  std::vector<std::string> predictions;  ///< each question's, a letter each model
  std::vector<float> right;              ///< questions each model solved

  mmlu_pro() {
    const auto lines = recorded_text("mmlu_pro.txt");
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
  }

  /// The `count` models that solve most, in the order of `models`.
  [[nodiscard]] std::vector<std::size_t> best(std::size_t count) const {
    auto chosen = outthink::best_positions(right, count);
    std::sort(chosen.begin(), chosen.end());
    return chosen;
  }

  /// Questions solved by the vote of these models; '-' is no choice, '?' was not asked.
  [[nodiscard]] int solved(const auto& vote, const std::vector<std::size_t>& voters) const {
    std::vector<outthink::candidate> ballots(voters.size());
    for (std::size_t i = 0; i < voters.size(); ++i) ballots[i].step_scores = {right[voters[i]]};
    int count = 0;
    for (std::size_t q = 0; q < predictions.size(); ++q) {
      for (std::size_t i = 0; i < voters.size(); ++i) {
        const char choice = predictions[q][voters[i]];
        ballots[i].answer = choice == '-' || choice == '?' ? "" : std::string(1, choice);
      }
      const outthink::decision made = vote(ballots);
      count += made.chosen != outthink::outcome::none && ballots[made.chosen].answer[0] == gold[q];
    }
    return count;
  }
};

}  // namespace bench::recorded
