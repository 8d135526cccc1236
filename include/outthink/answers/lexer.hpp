// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/answers/number_literal.hpp>
#include <outthink/answers/symbols.hpp>

#include <cstddef>
#include <string_view>

namespace outthink::answers {

[[nodiscard]] constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

[[nodiscard]] constexpr bool is_space(char c) noexcept {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// A piece of a text that has a meaning of its own.
struct token {
  symbol kind = symbol::end;
  std::string_view text;  ///< what normal forms have for it
  std::size_t begin = 0;  ///< where it stands
  std::size_t end = 0;
};

/// The content of the braces at the start of `text`, nested ones in it; null if none close there.
[[nodiscard]] constexpr std::string_view braced(std::string_view text) noexcept {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '{') {
      ++depth;
    } else if (text[i] == '}' && --depth == 0) {
      return text.substr(1, i - 1);
    }
    if (depth == 0) break;
  }
  return {};
}

/// @brief Cuts a mathematical text, LaTeX or plain, into tokens.
///
/// How it works: a run of letters is a name of the table, or else up to three letters are
/// variables, one token each, and more are words. `\text{…}` is words, unless what stands in it is
/// a letter, a name or a number: then the command is ignored.
/// Requires: a text that outlives the tokens. Cost: O(length), quadratic at worst in nested
/// `\text`. Errors: none; characters without a meaning are `symbol::unknown`.
class lexer {
 public:
  lexer(std::string_view text, std::size_t begin) noexcept : text_(text), next_(begin) {}

  /// The next token that is not ignored; commas in numbers as `rule` has it.
  [[nodiscard]] token next(comma rule) noexcept {
    for (;;) {
      while (next_ < text_.size() && is_space(text_[next_])) ++next_;
      token read;
      read.begin = next_;
      one(rule, read);
      read.end = next_;
      if (read.kind != symbol::ignored) return read;
    }
  }

  /// The number that was read last.
  [[nodiscard]] const number_literal& number() const noexcept { return number_; }

 private:
  void one(comma rule, token& read) noexcept {
    if (next_ == text_.size()) return;
    const char c = text_[next_];
    const bool point = c == '.' && next_ + 1 < text_.size() && is_digit(text_[next_ + 1]);
    if (is_digit(c) || point) {
      read_number(text_.substr(next_), rule, number_);
      return number_.length == 0 ? take(read, symbol::unknown, 1)
                                 : take(read, symbol::number, number_.length);
    }
    if (is_letter(c)) return letters(read);
    if (c == '\\') return command(read);
    if (static_cast<unsigned char>(c) < 128) return punctuation(read, c);
    const named_symbol* const found = find_character(text_.substr(next_));
    return found ? take(read, *found, found->name.size()) : take(read, symbol::unknown, 1);
  }

  void take(token& read, symbol kind, std::size_t length) noexcept {
    read.kind = kind;
    next_ += length;
  }
  void take(token& read, const named_symbol& found, std::size_t length) noexcept {
    read.text = found.text;
    return take(read, found.kind, length);
  }

  [[nodiscard]] std::string_view letters_at(std::size_t begin) const noexcept {
    std::size_t end = begin;
    while (end < text_.size() && is_letter(text_[end])) ++end;
    return text_.substr(begin, end - begin);
  }

  void letters(token& read) noexcept {
    // Once a run is known to be variables its rest is not looked up: `xpi` is no x times pi.
    if (next_ >= variables_end_) {
      read.text = letters_at(next_);
      if (read.text.size() > 1) {
        if (const named_symbol* const found = find_name(read.text, spelling::word))
          return take(read, *found, found->name.size());
        if (read.text.size() > 3) return take(read, symbol::words, read.text.size());
      }
      variables_end_ = next_ + read.text.size();
    }
    read.text = text_.substr(next_, 1);
    return take(read, symbol::variable, 1);
  }

  void command(token& read) noexcept {
    const std::string_view name = letters_at(next_ + 1);
    const std::size_t length = name.empty() ? 2 : 1 + name.size();
    if (next_ + length > text_.size()) return take(read, symbol::unknown, 1);
    const named_symbol* const found =
        find_name(text_.substr(next_ + 1, length - 1), spelling::command);
    if (!found) return take(read, symbol::unknown, length);
    if (found->kind != symbol::text) return take(read, *found, length);
    std::size_t brace = next_ + length;
    while (brace < text_.size() && is_space(text_[brace])) ++brace;
    if (brace == text_.size() || text_[brace] != '{') return take(read, symbol::ignored, length);
    std::string_view content = braced(text_.substr(brace));
    const std::size_t whole = brace + content.size() + 2 - next_;
    const bool apart = content.starts_with(' ');  // \text{ m} is a unit, \text{m} a variable
    while (!content.empty() && is_space(content.front())) content.remove_prefix(1);
    while (!content.empty() && (is_space(content.back()) || content.back() == ','))
      content.remove_suffix(1);
    if (content.empty()) return take(read, symbol::unknown, length);
    if (const named_symbol* const word = find_name(content, spelling::word))
      return take(read, *word, whole);
    if ((content.size() == 1 && !apart) || !is_letter(content[0]))
      return take(read, symbol::ignored, length);
    read.text = content;
    return take(read, symbol::words, whole);
  }

  void punctuation(token& read, char c) noexcept {
    const char following = next_ + 1 < text_.size() ? text_[next_ + 1] : '\0';
    if (following == '=' || following == '>' || following == '*' || following == '.') {
      const std::string_view rest = text_.substr(next_);
      for (const named_symbol& sign : long_signs)
        if (rest.starts_with(sign.name)) return take(read, sign, sign.name.size());
    }
    return take(read, signs[static_cast<std::size_t>(c)], 1);
  }

  std::string_view text_;
  std::size_t next_;
  number_literal number_;
  std::size_t variables_end_ = 0;  // up to here letters are variables
};

}  // namespace outthink::answers
