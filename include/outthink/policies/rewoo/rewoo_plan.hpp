// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/call_graph.hpp>
#include <outthink/core/references.hpp>
#include <outthink/core/take_line.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink {

/// How ReWOO's plans refer to evidence, which is put in between brackets.
inline constexpr reference_style rewoo_references{.mark = "#E", .before = "[", .after = "]"};

/// @brief The calls of a plan as ReWOO's planner writes it: lines `Plan: why` and
/// `#E1 = Tool[input]`.
///
/// What a `Plan:` says is the thought of the calls up to the next one; the input goes to the last
/// bracket of its line. Lines of another form are skipped.
/// Cost: O(length). Errors: none.
[[nodiscard]] inline std::vector<planned_call> read_rewoo_plan(std::string_view text) {
  constexpr std::string_view kPlan = "Plan:";
  std::vector<planned_call> calls;
  std::string_view thought;
  while (!text.empty()) {
    std::string_view line = take_line(text);
    if (line.starts_with(kPlan)) thought = trimmed(line.substr(kPlan.size()));
    const auto names = references_in(line, rewoo_references.mark);
    if (names.empty() || names[0].begin != 0) continue;
    line = trimmed(line.substr(names[0].end));
    const std::size_t open = line.find('['), close = line.rfind(']');
    if (!line.starts_with('=') || open > close || close == std::string_view::npos) continue;
    calls.push_back({.number = names[0].number,
                     .tool = std::string(trimmed(line.substr(1, open - 1))),
                     .input = std::string(line.substr(open + 1, close - open - 1)),
                     .thought = std::string(thought)});
  }
  return calls;
}

/// The prompts of ReWOO's planner and solver, for a model that follows instructions.
struct rewoo_prompts {
  std::string tools{};  ///< a line for each tool: its name, and what it does with an input

  /// Asks for a plan.
  [[nodiscard]] std::string plan(std::string_view problem) const {
    return "Make plans that solve the task step by step. For each plan, say which tool with which "
           "input brings evidence, and keep the evidence in a variable #E that later tools can "
           "use: Plan, #E1 = Tool[input], Plan, #E2 = Tool[input with #E1], and so "
           "on.\n\nTools:\n" +
           tools + "\nTask: " + std::string(problem) + "\n\n";
  }

  /// Asks for the answer, with all plans and what their calls have found.
  [[nodiscard]] std::string solve(std::string_view problem, const call_graph& calls) const {
    std::string prompt =
        "Solve the task with the help of the plans and their evidence, which may be wrong or "
        "missing. Answer with the answer alone.\n\n";
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const bool new_plan = i == 0 || calls[i].thought != calls[i - 1].thought;
      if (new_plan) prompt += "Plan: " + calls[i].thought + '\n';
      prompt += "Evidence: " + calls.result(i) + '\n';
    }
    return prompt + "\nTask: " + std::string(problem) + "\nAnswer: ";
  }
};

}  // namespace outthink
