// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/answers/list_items.hpp>
#include <outthink/core/references.hpp>
#include <outthink/core/take_line.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink {

/// One of the questions that a question was taken apart into.
struct sub_question {
  std::string text;
  std::string answer{};              ///< what the solution at hand says
  std::vector<std::size_t> needs{};  ///< positions of those whose answers it needs; may repeat

  /// True if it can be answered without any other.
  [[nodiscard]] bool independent() const noexcept { return needs.empty(); }
};

/// @brief Reads a numbered list of sub-questions, `3. How much are #1 and #2 together? | 7`.
///
/// `#1` stands for the answer to the first, whatever numbers the list itself has; the answer
/// follows the last bar. Cost: O(length). Errors: none.
[[nodiscard]] inline std::vector<sub_question> read_sub_questions(std::string_view list) {
  std::vector<sub_question> questions;
  for (const std::string& item : list_items(list)) {
    const std::string_view whole = item;
    const std::size_t bar = whole.rfind('|');
    sub_question made{.text = std::string(trimmed(whole.substr(0, bar)))};
    if (bar != std::string_view::npos) made.answer = trimmed(whole.substr(bar + 1));
    for (const reference& one : references_in(made.text, "#")) {
      made.needs.push_back(std::size_t{one.number} - 1);  // 0 becomes a position that is not there
    }
    questions.push_back(std::move(made));
  }
  return questions;
}

/// @brief How many sub-questions stand on the longest chain of those that need each other: 0 for
/// none, 1 if all are independent. Nothing if they need each other in a circle, or one that is not
/// there.
///
/// Cost: O(questions + needs). Errors: `std::bad_alloc`.
[[nodiscard]] inline std::optional<std::size_t> longest_chain(
    std::span<const sub_question> questions) {
  std::vector<std::size_t> length(questions.size(), 1), open(questions.size());
  std::vector<std::vector<std::size_t>> needed_by(questions.size());
  std::vector<std::size_t> ready;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    open[i] = questions[i].needs.size();
    if (open[i] == 0) ready.push_back(i);
    for (const std::size_t needed : questions[i].needs) {
      if (needed >= questions.size()) return std::nullopt;
      needed_by[needed].push_back(i);
    }
  }
  std::size_t longest = 0, ordered = 0;
  while (!ready.empty()) {
    const std::size_t at = ready.back();
    ready.pop_back();
    ++ordered;
    longest = std::max(longest, length[at]);
    for (const std::size_t next : needed_by[at]) {
      length[next] = std::max(length[next], length[at] + 1);
      if (--open[next] == 0) ready.push_back(next);
    }
  }
  if (ordered < questions.size()) return std::nullopt;
  return longest;
}

}  // namespace outthink
