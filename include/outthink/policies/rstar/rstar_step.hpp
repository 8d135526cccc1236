// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/trace.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace outthink {

/// The kinds of steps of rStar's trees: the problem and what its five actions make.
enum class rstar_step : std::uint8_t {
  question,     ///< the problem itself
  thought,      ///< A1: one step
  solution,     ///< A2: all that is missing
  subquestion,  ///< A3: the next sub-question and its answer
  new_answer,   ///< A4: the last sub-question answered once more
  rephrasing,   ///< A5: the problem in other words
};

/// Whether rStar offers an action after a step of kind `last`.
[[nodiscard]] constexpr bool may_follow(rstar_step next, rstar_step last) noexcept {
  if (last == rstar_step::solution || next == rstar_step::question) return false;
  if (next == rstar_step::subquestion) return last != rstar_step::thought;
  if (next == rstar_step::new_answer) return last == rstar_step::subquestion;
  return next != rstar_step::rephrasing || last == rstar_step::question;
}

/// The prompts of the five actions, for a model that follows instructions.
struct rstar_prompts {
  [[nodiscard]] std::string operator()(rstar_step next, const trace_view& trace) const {
    std::string prompt = "Question:\n" + std::string(trace.prompt());
    if (trace.steps() > 0) prompt += "\n\nSolution so far:\n" + trace.solution();
    return prompt + "\n\n" + std::string(instruction(next)) + "\n";
  }

 private:
  static constexpr std::string_view instruction(rstar_step next) noexcept {
    switch (next) {
      case rstar_step::thought:
        return "Write the next step of the solution, and only that.";
      case rstar_step::subquestion:
        return "Ask the next sub-question that helps to answer the question, and answer it.";
      case rstar_step::new_answer:
        return "Answer the last sub-question once more, step by step.";
      case rstar_step::rephrasing:
        return "Say the question in other words, as a list of what is given and what is asked.";
      default:
        return "Think step by step and finish the solution.";
    }
  }
};

}  // namespace outthink
