// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/answers/lexer.hpp>
#include <outthink/answers/plain_text.hpp>

#include <cstddef>
#include <string_view>

namespace outthink::answers {

/// @brief The letter of the choice that an answer names, `A` for the first; 0 if it names none.
///
/// Understood: `B`, `b`, `(B)`, `B.`, `B) 12`, `**B**`, `\textbf{(B)}\ 12`, `\mathrm{B}`. A letter
/// with a word behind it is prose, unless a bracket, point, colon or hyphen parts them.
/// Cost: O(length) at worst. Errors: none.
[[nodiscard]] constexpr char choice_letter(std::string_view answer, int choices) noexcept {
  std::size_t at = 0;
  for (bool skipped = true; skipped && at < answer.size();) {
    skipped = false;
    if (answer[at] == '\\') {
      std::size_t end = at + 1;
      while (end < answer.size() && is_letter(answer[end])) ++end;
      skipped = end > at + 1;
      if (skipped) at = end;
    } else if (!is_word_character(answer[at])) {
      ++at;
      skipped = true;
    }
  }
  if (at >= answer.size() || !is_letter(answer[at])) return '\0';
  const char letter = answer[at] >= 'a' ? static_cast<char>(answer[at] - ('a' - 'A')) : answer[at];
  if (letter - 'A' >= choices) return '\0';
  std::size_t next = at + 1;
  if (next < answer.size() && is_word_character(answer[next])) return '\0';
  while (next < answer.size() && is_space(answer[next])) ++next;
  return next < answer.size() && is_word_character(answer[next]) ? '\0' : letter;
}

}  // namespace outthink::answers
