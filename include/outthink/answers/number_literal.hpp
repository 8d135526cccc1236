// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/answers/exact_number.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace outthink::answers {

[[nodiscard]] constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// Whether a comma between digits may separate thousands, or always ends the number.
enum class comma { separates_thousands, ends_number };

/// A number as it stands in a text, without its sign.
struct number_literal {
  /// More digits than that are no number but a text.
  static constexpr std::size_t most_digits = 64;

  std::size_t length = 0;  ///< characters read; 0: no number stands there
  bool exact = false;      ///< `value` holds it; otherwise digits · 10^exponent does
  bool whole = false;      ///< digits only: no point, no exponent
  exact_number value = zero;
  std::array<char, most_digits> digits;  ///< [count], without zeros at either end; the rest is open
  std::size_t count = 0;
  std::int32_t exponent = 0;
};

namespace detail {

/// Length of a separator of thousands at the start of `text`, 0 if none stands there.
constexpr std::size_t thousands_separator(std::string_view text, comma rule) noexcept {
  constexpr std::string_view kSeparators[] = {"{,}",          ",\\!",         "\\,",      "\\ ",
                                              "\xE2\x80\x89", "\xE2\x80\xAF", "\xC2\xA0", " "};
  if (text.empty()) return 0;
  for (const std::string_view separator : kSeparators)
    if (text[0] == separator[0] && text.starts_with(separator)) return separator.size();
  return rule == comma::separates_thousands && text[0] == ',' ? 1 : 0;
}

class number_reader {
 public:
  number_reader(std::string_view text, comma rule, number_literal& number) noexcept
      : text_(text), rule_(rule), number_(number) {}

  void read() noexcept {
    whole_part();
    number_.whole = !at('.');
    if (at('.')) fraction();
    if (!any_digit_) return;
    repetend();
    scientific();
    finish();
  }

 private:
  [[nodiscard]] bool digit_at(std::size_t i) const noexcept {
    return i < text_.size() && is_digit(text_[i]);
  }
  [[nodiscard]] bool at(char c) const noexcept { return next_ < text_.size() && text_[next_] == c; }

  void take(char digit) noexcept {
    any_digit_ = true;
    if (digit == '0') {
      zeros_ += number_.count > 0;
      return;
    }
    for (; zeros_ > 0; --zeros_) keep('0');
    keep(digit);
  }
  void keep(char digit) noexcept {
    if (number_.count == number_literal::most_digits) too_long_ = true;
    if (!too_long_) number_.digits[number_.count++] = digit;
  }

  void whole_part() noexcept {
    const std::size_t begin = next_;
    for (; digit_at(next_); ++next_) take(text_[next_]);
    if (next_ == begin || next_ - begin > 3 || text_[begin] == '0') return;
    for (;;) {
      const std::size_t separator = thousands_separator(text_.substr(next_), rule_);
      const std::size_t group = next_ + separator;
      if (separator == 0 || !digit_at(group) || !digit_at(group + 1) || !digit_at(group + 2) ||
          digit_at(group + 3)) {
        return;
      }
      for (next_ = group; next_ < group + 3; ++next_) take(text_[next_]);
    }
  }

  void fraction() noexcept {
    const std::size_t begin = ++next_;
    for (; digit_at(next_); ++next_) take(text_[next_]);
    places_ = static_cast<std::int32_t>(next_ - begin);
  }

  // 0.1\overline{6}: the digits under the bar are worth r / (10^n - 1) at their place.
  void repetend() noexcept {
    if (number_.whole) return;
    std::size_t begin = next_;
    for (const std::string_view bar : {"\\overline{", "\\bar{"})
      if (text_.substr(next_).starts_with(bar)) begin = next_ + bar.size();
    std::size_t end = begin;
    std::int64_t value = 0, nines = 0;
    for (; end > next_ && digit_at(end) && end - begin < 9; ++end) {
      value = 10 * value + (text_[end] - '0');
      nines = 10 * nines + 9;
    }
    if (end == begin || end >= text_.size() || text_[end] != '}') return;
    if (make_number(value, nines, repeated_) &&
        multiply(repeated_, power_of_ten(-places_), repeated_)) {
      next_ = end + 1;
    }
  }

  void scientific() noexcept {
    if (!repeated_.zero() || (!at('e') && !at('E'))) return;
    std::size_t end = next_ + 1;
    const bool negative = end < text_.size() && text_[end] == '-';
    if (end < text_.size() && (text_[end] == '-' || text_[end] == '+')) ++end;
    const std::size_t begin = end;
    std::int32_t value = 0;
    for (; digit_at(end) && end - begin < 6; ++end) value = 10 * value + (text_[end] - '0');
    if (end == begin || digit_at(end)) return;
    number_.exponent = negative ? -value : value;
    number_.whole = false;
    next_ = end;
  }

  void finish() noexcept {
    if (too_long_) return;
    number_.exponent += static_cast<std::int32_t>(zeros_) - places_;
    if (number_.count > 18) {
      if (repeated_.zero()) number_.length = next_;
      return;
    }
    std::int64_t digits = 0;
    for (std::size_t i = 0; i < number_.count; ++i)
      digits = 10 * digits + (number_.digits[i] - '0');
    if (!make_number(digits, 1, number_.value)) return;
    number_.exact = multiply(number_.value, power_of_ten(number_.exponent), number_.value) &&
                    (repeated_.zero() || add(number_.value, repeated_, number_.value));
    if (number_.exact) number_.length = next_;
  }

  std::string_view text_;
  comma rule_;
  std::size_t next_ = 0;
  std::size_t zeros_ = 0;    // read behind the last other digit
  std::int32_t places_ = 0;  // behind the point
  exact_number repeated_ = zero;
  bool any_digit_ = false;
  bool too_long_ = false;
  number_literal& number_;
};

}  // namespace detail

/// @brief Reads the number at the start of `text`: 12, 1,000, 1{,}000, 1\,000, .5, 6.02e23,
/// 0.1\overline{6}.
///
/// How it works: writes to `read` the longest number without sign, fraction or unit. Thousands are
/// three digits behind a comma, `{,}`, `,\!`, `\,`, or a space, after one to three digits of which
/// the first is not 0; so 1,000 is a thousand and 1,00 ends at the comma. Requires: nothing. Cost:
/// O(characters read). Errors: none; a length of 0 if no number stands there or it has more than 64
/// digits. Numerics: exact up to 18 digits that matter, and digits · 10^exponent above.
inline void read_number(std::string_view text, comma rule, number_literal& read) noexcept {
  read.length = read.count = 0;
  read.exponent = 0;
  read.exact = false;
  detail::number_reader(text, rule, read).read();
}

}  // namespace outthink::answers
