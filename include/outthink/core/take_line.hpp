// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace outthink {

/// The text without the spaces, tabs and carriage returns around it.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) + 1 - first);
}

/// Takes the first line off `text`, its end included, and gives it trimmed; for loops that run
/// until `text` is empty.
[[nodiscard]] constexpr std::string_view take_line(std::string_view& text) noexcept {
  const std::size_t length = text.find('\n');
  const std::string_view line = text.substr(0, length);
  text.remove_prefix(length == std::string_view::npos ? text.size() : length + 1);
  return trimmed(line);
}

}  // namespace outthink
