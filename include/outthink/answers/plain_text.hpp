// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/answers/lexer.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace outthink::answers {

/// True for letters, digits and bytes beyond ASCII.
[[nodiscard]] constexpr bool is_word_character(char c) noexcept {
  return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 128;
}

/// True if the text is prose: no digit and no sign of mathematics in it, and a run of letters that
/// is not the name of something.
[[nodiscard]] constexpr bool is_prose(std::string_view text) noexcept {
  constexpr std::string_view kMathematical = "0123456789\\=+^*/()[]{}<>_|%";
  bool prose = false;
  for (std::size_t i = 0; i < text.size();) {
    if (kMathematical.find(text[i]) != std::string_view::npos) return false;
    std::size_t end = i;
    while (end < text.size() && is_letter(text[end])) ++end;
    if (end - i > 1 && !find_name(text.substr(i, end - i), spelling::word)) prose = true;
    i = end > i ? end : i + 1;
  }
  return prose;
}

/// @brief Prose in a form in which equal answers are equal: `\text{The  North.}` is `the north`.
///
/// How it works: `$` and emphasis vanish, `\text{…}` is what stands in it, white space becomes one
/// space, or none beside a sign; ASCII letters become small unless a LaTeX command is left; what is
/// no word character vanishes at both ends, if anything is left then.
/// Cost: O(length). Errors: `std::bad_alloc`.
[[nodiscard]] inline std::string plain_text(std::string_view text) {
  std::string made;
  made.reserve(text.size());
  bool space = false, latex = false;
  std::size_t closing = 0;  // braces of \text that are open
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '$' || c == '*' || c == '`' || c == '"') continue;
    if (c == '\\') {
      std::size_t end = i + 1;
      while (end < text.size() && is_letter(text[end])) ++end;
      const named_symbol* const found =
          find_name(text.substr(i + 1, end - i - 1), spelling::command);
      if (found && found->kind == symbol::text && end < text.size() && text[end] == '{') {
        ++closing;
        i = end;
        continue;
      }
      latex = true;
    }
    if (c == '}' && closing > 0) {
      --closing;
      space = true;
      continue;
    }
    if (is_space(c)) {
      space = true;
      continue;
    }
    if (space && !made.empty() && is_word_character(c) && is_word_character(made.back()))
      made += ' ';
    space = false;
    made += c;
  }
  if (!latex)
    for (char& c : made) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  std::size_t begin = 0, end = made.size();
  const auto trimmed = [&made](std::size_t i) {
    constexpr std::string_view kTrimmed = ".,;:!?'";
    return kTrimmed.find(made[i]) != std::string_view::npos;
  };
  while (end > 0 && trimmed(end - 1)) --end;
  while (begin < end && trimmed(begin)) ++begin;
  return begin < end ? made.substr(begin, end - begin) : made;
}

}  // namespace outthink::answers
