// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/policies/plan_search/combinations.hpp>

#include <string>
#include <string_view>

namespace outthink {

/// The prompts of PlanSearch, for a model that follows instructions and writes programs.
struct plan_search_prompts {
  /// Asks for a list of at most `count` observations that follow from those known.
  [[nodiscard]] std::string observe(std::string_view problem, const observation_set& known,
                                    int count) const {
    const std::string_view task =
        known.empty() ? "Write a numbered list of at most "
                      : "Combine the observations, or draw conclusions from them, and write a "
                        "numbered list of at most ";
    return stated(problem, known) + std::string(task) + std::to_string(count) +
           (known.empty() ? " " : " new ") +
           "observations about the problem that are correct, useful and not obvious, one short "
           "sentence each. Write no program.\n";
  }

  /// Asks for a solution in words that uses the observations.
  [[nodiscard]] std::string sketch(std::string_view problem, const observation_set& known) const {
    return stated(problem, known) +
           "Describe a solution in words that uses all of this. Quote an observation before each "
           "step that follows from it. Write no program.\n";
  }

  /// Asks what is wrong with a solution.
  [[nodiscard]] std::string criticise(std::string_view problem, std::string_view sketch) const {
    return stated(problem, {}) + "Proposed solution:\n" + std::string(sketch) +
           "\n\nSuppose that this solution is wrong. Say why, and how to do it differently.\n";
  }

  /// Asks for a solution in words that heeds the critique.
  [[nodiscard]] std::string revise(std::string_view problem, std::string_view sketch,
                                   std::string_view critique) const {
    return stated(problem, {}) + "Proposed solution:\n" + std::string(sketch) + "\n\nCritique:\n" +
           std::string(critique) +
           "\n\nDescribe a better solution in words that heeds the critique. Write no program.\n";
  }

  /// Asks for a solution as pseudocode.
  [[nodiscard]] std::string pseudocode(std::string_view problem, std::string_view sketch) const {
    return stated(problem, {}) + "Solution in words:\n" + std::string(sketch) +
           "\n\nWrite it as pseudocode.\n";
  }

  /// Asks for the program.
  [[nodiscard]] std::string program(std::string_view problem, std::string_view pseudocode) const {
    return stated(problem, {}) + "Pseudocode:\n" + std::string(pseudocode) +
           "\n\nWrite the program, and nothing else.\n";
  }

 private:
  static std::string stated(std::string_view problem, const observation_set& known) {
    std::string prompt = "Problem:\n" + std::string(problem) + "\n\n";
    if (!known.empty()) prompt += "Observations:\n";
    for (const std::string& one : known) prompt += "- " + one + '\n';
    return prompt + (known.empty() ? "" : "\n");
  }
};

}  // namespace outthink
