// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/policies/atom_of_thoughts/question_graph.hpp>

#include <span>
#include <string>
#include <string_view>

namespace outthink {

/// The prompts of Atom of Thoughts, for a model that follows instructions.
struct atom_prompts {
  /// Asks for the sub-questions that a solution answers, as `read_sub_questions` reads them.
  [[nodiscard]] std::string decompose(std::string_view question, std::string_view solution) const {
    return "Question:\n" + std::string(question) + "\n\nSolution:\n" + std::string(solution) +
           "\n\nTake the solution apart into sub-questions. Write one a line: its number, a dot, "
           "the question, a bar, and the answer. Where a sub-question needs what an earlier one "
           "answers, write # and the number of that one in its place, and only there. For "
           "example:\n1. How many apples has Ann? | 3\n2. How many pears has Ben? | 4\n"
           "3. How much are #1 and #2 together? | 7\n";
  }

  /// Asks for one question, in `<question>` tags, that knows the answers of the independent
  /// sub-questions.
  [[nodiscard]] std::string contract(std::string_view question, std::string_view solution,
                                     std::span<const sub_question> parts) const {
    std::string known, open;
    for (const sub_question& one : parts) {
      (one.independent() ? known : open) += "- " + one.text;
      if (one.independent()) known += ' ' + one.answer;
      (one.independent() ? known : open) += '\n';
    }
    return "Question:\n" + std::string(question) + "\n\nSolution:\n" + std::string(solution) +
           "\n\nKnown, and to be stated as known:\n" + known + "\nStill to be found:\n" + open +
           "\nWrite one question with the same answer that can be understood by itself and is "
           "easier, since it states what is known. Put it between <question> and </question>.\n";
  }

  /// The prompt under which a contracted question is answered.
  [[nodiscard]] std::string solve(std::string_view question) const {
    return std::string(question) + "\n";
  }
};

}  // namespace outthink
