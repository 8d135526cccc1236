// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/verifier.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink::verifiers {

namespace detail {

/// A fraction in lowest terms with a positive denominator.
struct rational {
  std::int64_t numerator = 0;
  std::int64_t denominator = 1;

  friend bool operator==(const rational&, const rational&) = default;
};

inline constexpr std::int64_t kLargest = 1'000'000'000;

/// The fraction in lowest terms; none if it is undefined or absurdly large.
inline std::optional<rational> reduced(std::int64_t numerator, std::int64_t denominator) {
  if (denominator == 0) return std::nullopt;
  if (denominator < 0) numerator = -numerator, denominator = -denominator;
  const std::int64_t divisor = std::gcd(numerator, denominator);
  const rational result{numerator / divisor, denominator / divisor};
  const bool small = result.numerator <= kLargest && result.numerator >= -kLargest &&
                     result.denominator <= kLargest;
  return small ? std::optional(result) : std::nullopt;
}

/// a op b, exactly; none for a division by zero, an unknown operation or an overflow.
inline std::optional<rational> apply(const rational& a, char operation, const rational& b) {
  switch (operation) {
    case '+':
      return reduced(a.numerator * b.denominator + b.numerator * a.denominator,
                     a.denominator * b.denominator);
    case '-':
      return reduced(a.numerator * b.denominator - b.numerator * a.denominator,
                     a.denominator * b.denominator);
    case '*':
      return reduced(a.numerator * b.numerator, a.denominator * b.denominator);
    case '/':
      return reduced(a.numerator * b.denominator, a.denominator * b.numerator);
    default:
      return std::nullopt;
  }
}

/// Reads digits from the front of `text`; none if there are none or too many.
inline std::optional<std::int64_t> take_integer(std::string_view& text) {
  std::int64_t value = 0;
  std::size_t used = 0;
  while (used < text.size() && text[used] >= '0' && text[used] <= '9' && value <= kLargest) {
    value = 10 * value + (text[used++] - '0');
  }
  if (used == 0 || value > kLargest) return std::nullopt;
  text.remove_prefix(used);
  return value;
}

/// Reads a whole token as a number: `8`, `-3` or `8/3`.
inline std::optional<rational> read_rational(std::string_view token) {
  const bool negative = token.starts_with('-');
  if (negative) token.remove_prefix(1);
  const std::optional<std::int64_t> numerator = take_integer(token);
  if (!numerator) return std::nullopt;
  std::int64_t denominator = 1;
  if (token.starts_with('/')) {
    token.remove_prefix(1);
    const std::optional<std::int64_t> below = take_integer(token);
    if (!below) return std::nullopt;
    denominator = *below;
  }
  if (!token.empty()) return std::nullopt;
  return reduced(negative ? -*numerator : *numerator, denominator);
}

/// Splits at blanks and line ends.
inline std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n", at);
    if (begin == std::string_view::npos) break;
    const std::size_t end = std::min(text.find_first_of(" \t\r\n", begin), text.size());
    found.push_back(text.substr(begin, end - begin));
    at = end;
  }
  return found;
}

}  // namespace detail

/// @brief Checks solutions of the Game of 24 exactly: a step scores 1 if it and all before it are
/// legal, and 0 otherwise; the step that leaves one number is legal only if that number is 24.
///
/// How it works: the problem is four numbers, `4 9 10 13`. A step takes two of the numbers that are
/// left and lists what is left then: `13-9=4:4 4 10`. Fractions are written `8/3`.
///
/// Shapes and units: one score per step, 0 or 1. Requires: nothing; any text that is not a legal
/// step scores 0. Cost: O(numbers²) per step. Errors: none. Determinism: exact rational arithmetic.
/// Reference: the task of S. Yao et al. 2023, arXiv:2305.10601. It knows the truth: for judging
/// results, not for guiding a search whose results are to be judged.
struct game_of_24 {
  using request = score_request;
  using response = verdict;

  [[nodiscard]] std::vector<verdict> answer(std::span<const score_request> requests) const {
    std::vector<verdict> verdicts(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const std::vector<std::string_view> steps = requests[i].trace.step_texts();
      const std::size_t legal = legal_steps(requests[i].trace.prompt(), steps);
      for (std::size_t step = requests[i].from; step < steps.size(); ++step) {
        verdicts[i].scores.push_back(step < legal ? 1.0F : 0.0F);
      }
    }
    return verdicts;
  }

  /// True if `solution`, one step per line, turns the numbers of `prompt` into 24.
  [[nodiscard]] static bool solves(std::string_view prompt, std::string_view solution) {
    std::vector<std::string_view> steps;
    while (!solution.empty()) {
      const std::size_t end = std::min(solution.find('\n'), solution.size());
      steps.push_back(solution.substr(0, end));
      solution.remove_prefix(std::min(end + 1, solution.size()));
    }
    const std::size_t needed = detail::words(prompt).size() - 1;
    return steps.size() == needed && legal_steps(prompt, steps) == needed;
  }

  /// How many of the leading steps are legal.
  [[nodiscard]] static std::size_t legal_steps(std::string_view prompt,
                                               std::span<const std::string_view> steps) {
    std::vector<std::string_view> left = detail::words(prompt);
    std::size_t legal = 0;
    while (legal < steps.size() && take_step(left, steps[legal])) ++legal;
    return legal;
  }

 private:
  // Replaces the two numbers that the step uses; false if the step is not legal.
  static bool take_step(std::vector<std::string_view>& left, std::string_view step) {
    if (step.ends_with('\n')) step.remove_suffix(1);
    const std::size_t equals = step.find('='), colon = step.find(':');
    if (equals == std::string_view::npos || colon == std::string_view::npos || colon < equals) {
      return false;
    }
    const std::string_view result = step.substr(equals + 1, colon - equals - 1);
    const std::string_view operation = step.substr(0, equals);
    for (std::size_t a = 0; a < left.size(); ++a) {
      for (std::size_t b = 0; b < left.size(); ++b) {
        if (a == b || !is_operation(operation, left[a], left[b], result)) continue;
        return leaves(left, a, b, result, detail::words(step.substr(colon + 1)));
      }
    }
    return false;
  }

  // True if `text` reads a, an operation sign, b, and its exact result is `result`.
  static bool is_operation(std::string_view text, std::string_view a, std::string_view b,
                           std::string_view result) {
    if (text.size() != a.size() + 1 + b.size() || !text.starts_with(a) || !text.ends_with(b)) {
      return false;
    }
    const auto x = detail::read_rational(a), y = detail::read_rational(b),
               z = detail::read_rational(result);
    return x && y && z && detail::apply(*x, text[a.size()], *y) == z;
  }

  // True if what remains without numbers a and b but with `result` is what the step lists.
  static bool leaves(std::vector<std::string_view>& left, std::size_t a, std::size_t b,
                     std::string_view result, std::vector<std::string_view> listed) {
    std::vector<std::string_view> expected{result};
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (i != a && i != b) expected.push_back(left[i]);
    }
    if (expected.size() == 1 && result != "24") return false;
    left = listed;
    std::sort(expected.begin(), expected.end());
    std::sort(listed.begin(), listed.end());
    return expected == listed;
  }
};

}  // namespace outthink::verifiers
