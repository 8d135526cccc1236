// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/answers/lexer.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace outthink {

namespace answers {

/// The content of the last `\boxed{…}` or `\fbox{…}` of `text` whose braces close; a null view
/// without one.
[[nodiscard]] constexpr std::string_view last_boxed(std::string_view text) noexcept {
  std::size_t from = std::string_view::npos;
  // Unclosed boxes before the last cost a look at the rest each: a few are enough.
  for (int tries = 0; tries < 8; ++tries) {
    const std::size_t box = text.rfind("box", from);
    if (box == std::string_view::npos) break;
    const bool boxed = text.substr(box).starts_with("boxed{") && box > 0 && text[box - 1] == '\\';
    const bool fbox =
        text.substr(box).starts_with("box{") && box > 1 && text.substr(box - 2, 2) == "\\f";
    if (boxed || fbox) {
      const std::string_view rest = text.substr(box + (boxed ? 5 : 3));
      if (const std::string_view content = braced(rest); content.data()) return content;
    }
    if (box == 0) break;
    from = box - 1;
  }
  return {};
}

}  // namespace answers

/// @brief The answer that a solution puts into its last `\boxed{…}`, nested braces included.
///
/// For `solve_options::answer`. A solution without one has an empty answer, which does not vote.
/// Cost: O(length). Errors: `std::bad_alloc`.
[[nodiscard]] inline std::string boxed_answer(std::string_view solution) {
  return std::string(answers::last_boxed(solution));
}

}  // namespace outthink
