// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/call_graph.hpp>
#include <outthink/core/take_line.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink {

/// How LLMCompiler's plans refer to results: `$1` or `${1}`.
inline constexpr reference_style compiler_references{.mark = "$"};

/// @brief Reads plans as LLMCompiler's planner writes them, line by line: `1. search("this")`,
/// `2. math("twice $1")`, and at last `3. join()`.
///
/// A line `Thought: why` goes to the next call. A call's input is all between its parentheses,
/// without the quotation marks if it is one text in them. Lines of another form are skipped, and
/// so is what follows the end.
class compiler_plan_reader {
 public:
  /// The calls of what was written since the last time; whole lines only.
  [[nodiscard]] std::vector<planned_call> read(std::string_view text) {
    std::vector<planned_call> calls;
    while (!text.empty() && !ended_) read_line(take_line(text), calls);
    return calls;
  }

  /// True behind `join()` or `<END_OF_PLAN>`.
  [[nodiscard]] bool ended() const noexcept { return ended_; }

 private:
  void read_line(std::string_view line, std::vector<planned_call>& calls) {
    constexpr std::string_view kThought = "Thought:", kEnd = "<END_OF_PLAN>";
    if (const std::size_t end = line.find(kEnd); end != std::string_view::npos) {
      ended_ = true;
      line = line.substr(0, end);
    }
    if (line.starts_with(kThought)) {
      thought_ = trimmed(line.substr(kThought.size()));
      return;
    }
    std::uint32_t number = 0;
    std::size_t digits = 0;
    for (; digits < std::min<std::size_t>(line.size(), 9); ++digits) {
      if (line[digits] < '0' || line[digits] > '9') break;
      number = 10 * number + static_cast<std::uint32_t>(line[digits] - '0');
    }
    line.remove_prefix(digits);
    if (digits == 0) return;
    const std::size_t open = line.find('('), close = line.rfind(')');
    if (!line.starts_with(". ") || open > close || close == std::string_view::npos) return;
    const std::string_view tool = line.substr(2, open - 2);
    if (tool == "join") {
      ended_ = true;
      return;
    }
    calls.push_back({.number = number,
                     .tool = std::string(tool),
                     .input = std::string(unquoted(line.substr(open + 1, close - open - 1))),
                     .thought = std::exchange(thought_, {})});
  }

  static std::string_view unquoted(std::string_view input) {
    if (input.size() < 2 || (input[0] != '"' && input[0] != '\'')) return input;
    const bool one_text = input.find(input[0], 1) == input.size() - 1;
    return one_text ? input.substr(1, input.size() - 2) : input;
  }

  std::string thought_;
  bool ended_ = false;
};

/// What LLMCompiler's joiner decides, which writes `Thought: why` and `Action: Finish(answer)` or
/// `Action: Replan(what is missing)`.
struct joiner_decision {
  std::string thought{};
  std::string answer{};  ///< between the parentheses; all of the reply if it has no action
  bool replans = false;
};

/// Reads the joiner's reply; of several thoughts or actions the last counts.
[[nodiscard]] inline joiner_decision read_joiner(std::string_view reply) {
  constexpr std::string_view kThought = "Thought:";
  joiner_decision read{.answer = std::string(reply)};
  while (!reply.empty()) {
    const std::string_view line = take_line(reply);
    if (line.starts_with(kThought)) read.thought = trimmed(line.substr(kThought.size()));
    const std::size_t open = line.find('('), close = line.rfind(')');
    if (line.starts_with("Action:") && open < close && close != std::string_view::npos) {
      read.answer = line.substr(open + 1, close - open - 1);
      read.replans = line.substr(0, open).find("Replan") != std::string_view::npos;
    }
  }
  return read;
}

/// The prompts of LLMCompiler's planner and joiner, for a model that follows instructions.
struct llm_compiler_prompts {
  std::string tools{};  ///< a line for each tool: how it is called, and what it gives

  /// Asks for a plan; `history` holds earlier ones, with what came of them.
  [[nodiscard]] std::string plan(std::string_view problem, std::string_view history) const {
    std::string prompt =
        "Make a plan that answers the question with as many calls side by side as possible, one "
        "call a line: its number, a dot, and a call of one of the tools. Write $1 in an input for "
        "what call 1 gives. End with a line that calls join() and says <END_OF_PLAN>.\n\nTools:\n" +
        tools + "\nQuestion: " + std::string(problem) + "\n";
    if (history.empty()) return prompt;
    return prompt + "\nPrevious plan:\n" + std::string(history) +
           "\nRepeat nothing of it. Go on counting.\n\nCurrent plan:\n";
  }

  /// Asks for the answer or, unless it is the `last` time, for another plan.
  [[nodiscard]] std::string join(std::string_view problem, std::string_view history,
                                 bool last) const {
    const std::string_view choice =
        last ? "" : ", or \"Action: Replan(what is missing)\" if that cannot be told yet";
    return "Answer the question from what was observed. Write a line \"Thought: \" with a short "
           "reason, then \"Action: Finish(answer)\"" +
           std::string(choice) + ".\n\nQuestion: " + std::string(problem) + "\n\n" +
           std::string(history) + "\n";
  }
};

}  // namespace outthink
