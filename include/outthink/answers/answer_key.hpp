// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/answers/answer_parser.hpp>
#include <outthink/answers/boxed_answer.hpp>
#include <outthink/answers/choice_letter.hpp>
#include <outthink/answers/plain_text.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace outthink {

/// How answers are read by `answer_key`.
struct answer_key_options {
  /// What a percent sign stands for: by default 50% is 1/2.
  answers::percent_sign percent = answers::percent_sign::hundredths;
  int choices = 0;  ///< choices the problem offers, from A; 0: letters are variables
};

namespace answers {

/// Longer answers are prose.
inline constexpr std::size_t longest_parsed = 1024;

/// The answer without white space, `$`, `\(`, emphasis and a box around it, and a point behind it.
[[nodiscard]] constexpr std::string_view unwrapped(std::string_view text) noexcept {
  constexpr std::string_view kPairs[][2] = {{"$", "$"},     {"**", "**"}, {"\\(", "\\)"},
                                            {"\\[", "\\]"}, {"`", "`"},   {"\"", "\""}};
  for (bool changed = true; changed;) {
    changed = false;
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && (is_space(text.back()) || text.back() == '.')) text.remove_suffix(1);
    if (text.empty() || is_word_character(text.front())) break;
    for (const auto& [open, close] : kPairs) {
      if (text.size() < open.size() + close.size() || text[0] != open[0] ||
          !text.starts_with(open) || !text.ends_with(close)) {
        continue;
      }
      text = text.substr(open.size(), text.size() - open.size() - close.size());
      changed = true;
    }
  }
  return text;
}

/// Reads `-12`, `3/4`, `1,000.5`, `50%`: whole answers that are numbers, without a parser.
inline bool read_plain_number(std::string_view text, percent_sign percent,
                              exact_number& made) noexcept {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto take = [&text](exact_number& number) {
    if (text.empty() || !(is_digit(text[0]) || text[0] == '.')) return false;
    number_literal read;
    read_number(text, comma::separates_thousands, read);
    number = read.value;
    text.remove_prefix(read.length);
    return read.length > 0 && read.exact;
  };
  if (!take(made)) return false;
  if (text.starts_with('/')) {
    text.remove_prefix(1);
    exact_number below = one;
    if (!take(below) || !power(below, -1, below) || !multiply(made, below, made)) return false;
  }
  if (text == "%" || text == "\\%") {
    if (percent == percent_sign::hundredths && !multiply(made, power_of_ten(-2), made))
      return false;
    text = {};
  }
  if (negative) made = made.negated();
  return text.empty();
}

/// The key of an answer that is a choice, a number or a mathematical text; otherwise nothing.
inline bool read_form(std::string_view text, const answer_key_options& options, std::string& made) {
  if (options.choices > 0) {
    if (const char letter = choice_letter(text, options.choices)) {
      made.assign(1, letter);
      return true;
    }
  }
  exact_number number = zero;
  if (read_plain_number(text, options.percent, number)) {
    std::array<char, longest_number> digits;
    made.assign(digits.data(), print(number, digits.data()));
    return true;
  }
  if (text.size() > longest_parsed || is_prose(text)) return false;
  answer_parser parser(text, options.percent);
  made = parser.read();
  return !made.empty();
}

}  // namespace answers

/// @brief The normal form of an answer: answers that mean the same have the same key.
///
/// How it works: a number becomes an exact fraction, `1/2`, from any notation: 0.5, 5e-1,
/// \frac{1}{2}, 50\%. A mathematical text, LaTeX or plain, becomes a sum of terms in a fixed order:
/// sums and products of sums are multiplied out, roots of numbers are taken apart, so \sqrt{12} is
/// 2\sqrt{3}. Tuples, intervals and matrices keep their order and brackets; sets and answers in a
/// row (`2 or 3`, `±2`) are sorted. `x = 5` is 5; units behind a number, currencies and degrees
/// are left out. With `choices`, an answer that names a choice becomes its letter. Everything else
/// is text: small letters, single spaces, no punctuation around. Of an answer with `\boxed{…}` in
/// it the last box counts.
/// Requires: nothing; any bytes. A key is its own key. Not every equality is found: none that needs
/// an identity of functions, or factors of a polynomial. Where a notation is ambiguous, (1,2) is
/// a pair or an interval and both have one key; 1,000 is a thousand, and in brackets two numbers.
/// Cost: time linear in the length, quadratic up to 1,024 bytes; about 20 KiB of stack; no
/// allocation but the key. A longer answer is text, and so is one that nests deeper than 24 levels
/// or whose sums grow beyond 192 terms.
/// Errors: `std::bad_alloc` for the key; nothing else is thrown. Determinism: a function of the
/// bytes and options, on every machine; uses no locale and no state.
/// Numerics: exact, never rounded: 0.333 is not 1/3. Numerators and denominators without their
/// factors 2 and 5 have 63 bits; a number with more than 18 digits that matter keeps its digits,
/// and a sum that does not fit stays a sum. Reference: the equivalences that published graders aim
/// at, D. Hendrycks et al. 2021 (arXiv:2103.03874); without rounding, time-outs and dropped
/// brackets. Example: tests/docs/answer_keys.cpp.
[[nodiscard]] inline std::string answer_key(std::string_view answer,
                                            const answer_key_options& options) {
  constexpr int kMostPasses = 8;
  std::string prose, form;
  // Without its decoration prose may be a mathematical text after all: it is read again.
  for (int pass = 0; pass < kMostPasses; ++pass) {
    if (answer.find('\\') != std::string_view::npos) {
      if (const std::string_view boxed = answers::last_boxed(answer); boxed.data()) answer = boxed;
    }
    answer = answers::unwrapped(answer);
    if (answers::read_form(answer, options, form)) return form;
    form = answers::plain_text(answer);
    if (form == answer) break;
    prose.swap(form);
    answer = prose;
  }
  return std::string(answer);
}

/// The same with the usual options; fits `solve_options::key`.
[[nodiscard]] inline std::string answer_key(std::string_view answer) {
  return answer_key(answer, answer_key_options{});
}

}  // namespace outthink
