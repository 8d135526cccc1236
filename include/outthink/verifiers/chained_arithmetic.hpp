// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/verifier.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace outthink::verifiers {

namespace detail {

/// `left operation right = result`, as a line of a solution says.
struct equation {
  std::int64_t left, right, result;
  char operation;
};

/// Reads digits at `at` and moves behind them; none without digits or with more than 15.
inline std::optional<std::int64_t> read_number(std::string_view text, std::size_t& at) {
  std::int64_t value = 0;
  const char* const begin = text.data() + at;
  const char* const end = text.data() + std::min(text.size(), at + 15);
  if (begin >= end || *begin < '0' || *begin > '9') return std::nullopt;
  at += static_cast<std::size_t>(std::from_chars(begin, end, value).ptr - begin);
  return value;
}

/// Reads a whole line, with or without its end.
inline std::optional<equation> read_equation(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  std::size_t at = 0;
  equation read{};
  const auto left = read_number(line, at);
  if (!left || at >= line.size()) return std::nullopt;
  read.operation = line[at++];
  const auto right = read_number(line, at);
  if (!right || at >= line.size() || line[at++] != '=') return std::nullopt;
  const auto result = read_number(line, at);
  if (!result || at != line.size()) return std::nullopt;
  read.left = *left, read.right = *right, read.result = *result;
  return read;
}

/// The part of `value` that its leading digit stands for: 800 of 847.
inline std::int64_t leading_part(std::int64_t value) {
  std::int64_t unit = 1;
  while (value / unit >= 10) unit *= 10;
  return value / unit * unit;
}

inline std::optional<std::int64_t> compute(std::int64_t a, char operation, std::int64_t b) {
  switch (operation) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    default:
      return std::nullopt;
  }
}

}  // namespace detail

/// @brief Checks solutions of chained arithmetic exactly: a step scores 1 if it and all before it
/// are right and in order, and 0 otherwise.
///
/// How it works: the problem, `57+38-21*3`, is evaluated strictly from left to right. A step is a
/// line `v o y=r` that does the next operation, or a part of it: y of a sum or difference may be
/// split into its leading digit's part and the rest (38 = 30 + 8, in either order), and v of a
/// product likewise, the two products being added in a third line.
///
/// Shapes and units: one score per step, 0 or 1. Requires: nothing; text that is no right step
/// scores 0. Cost: O(length). Errors: none. Determinism: exact integers.
/// It knows the truth: for judging results, not for guiding a search whose results are to be
/// judged.
class chained_arithmetic {
 public:
  using request = score_request;
  using response = verdict;

  [[nodiscard]] std::vector<verdict> answer(std::span<const score_request> requests) const {
    std::vector<verdict> verdicts(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const std::vector<std::string_view> steps = requests[i].trace.step_texts();
      const std::size_t right = right_steps(requests[i].trace.prompt(), steps);
      for (std::size_t step = requests[i].from; step < steps.size(); ++step) {
        verdicts[i].scores.push_back(step < right ? 1.0F : 0.0F);
      }
    }
    return verdicts;
  }

  /// How many of the leading steps are right.
  [[nodiscard]] static std::size_t right_steps(std::string_view prompt,
                                               std::span<const std::string_view> steps) {
    std::optional<chain> at = read_chain(prompt);
    std::size_t right = 0;
    while (at && right < steps.size() && at->take(steps[right])) ++right;
    return right;
  }

  /// The problem's true answer; none for text that is no problem.
  [[nodiscard]] static std::optional<std::int64_t> evaluate(std::string_view prompt) {
    const std::optional<chain> read = read_chain(prompt);
    if (!read) return std::nullopt;
    std::int64_t value = read->value;
    for (const operation& next : read->operations)
      value = *detail::compute(value, next.sign, next.operand);
    return value;
  }

  /// The answer that a solution gives: the text after its last equals sign, without line end.
  [[nodiscard]] static std::string answer_of(std::string_view solution) {
    const std::size_t equals = solution.rfind('=');
    if (equals == std::string_view::npos) return {};
    solution.remove_prefix(equals + 1);
    return std::string(solution.substr(0, solution.find('\n')));
  }

 private:
  struct operation {
    char sign;
    std::int64_t operand;
  };

  // Where an evaluation stands: the value so far, the operations still to do, and within a split
  // operation what must come next.
  struct chain {
    std::int64_t value = 0;
    std::vector<operation> operations;
    std::size_t next = 0;
    std::optional<std::int64_t> rest;           // part of an operand or of a factor still to do
    std::optional<std::int64_t> first_product;  // of a split multiplication
    std::optional<std::int64_t> second_product;

    bool take(std::string_view line) {
      const std::optional<detail::equation> said = detail::read_equation(line);
      if (!said || next == operations.size()) return false;
      if (detail::compute(said->left, said->operation, said->right) != said->result) return false;
      return operations[next].sign == '*' ? take_product(*said) : take_sum(*said);
    }

    bool take_sum(const detail::equation& said) {
      const auto [sign, operand] = operations[next];
      if (said.operation != sign || said.left != value) return false;
      const std::int64_t lead = detail::leading_part(operand);
      const bool whole = said.right == (rest ? *rest : operand);
      const bool part =
          !rest && lead != operand && (said.right == lead || said.right == operand - lead);
      if (!whole && !part) return false;
      value = said.result;
      if (whole) return finish();
      rest = operand - said.right;
      return true;
    }

    bool take_product(const detail::equation& said) {
      const std::int64_t factor = operations[next].operand, lead = detail::leading_part(value);
      if (second_product) {
        const bool adds =
            said.operation == '+' && said.left == *first_product && said.right == *second_product;
        value = said.result;
        return adds && finish();
      }
      if (said.operation != '*' || said.right != factor) return false;
      if (first_product) {
        second_product = said.result;
        return said.left == *rest;
      }
      if (said.left == value) {
        value = said.result;
        return finish();
      }
      if (lead == value || (said.left != lead && said.left != value - lead)) return false;
      rest = value - said.left;
      first_product = said.result;
      return true;
    }

    bool finish() {
      rest = first_product = second_product = std::nullopt;
      ++next;
      return true;
    }
  };

  static std::optional<chain> read_chain(std::string_view prompt) {
    if (prompt.ends_with('\n')) prompt.remove_suffix(1);
    std::size_t at = 0;
    chain read;
    const auto first = detail::read_number(prompt, at);
    if (!first) return std::nullopt;
    read.value = *first;
    while (at < prompt.size()) {
      const char sign = prompt[at++];
      const auto operand = detail::read_number(prompt, at);
      if (!operand || (sign != '+' && sign != '-' && sign != '*')) return std::nullopt;
      read.operations.push_back({sign, *operand});
    }
    return read;
  }
};

}  // namespace outthink::verifiers
