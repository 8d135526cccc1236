// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/take_line.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace outthink {

/// @brief The items of a list that a language model wrote.
///
/// An item begins with a line that starts with a number and a dot or bracket (`1.`, `2)`), or with
/// `-` or `*`, each followed by a space, and goes on in the lines behind it up to an empty one.
/// What stands before, between and behind the items is skipped, and so are items without a text.
/// Cost: O(length). Errors: none; a text without such lines has no items.
[[nodiscard]] inline std::vector<std::string> list_items(std::string_view text) {
  // Length of the mark that begins an item; 0 if there is none.
  const auto mark = [](std::string_view line) -> std::size_t {
    std::size_t length = line.find_first_not_of("0123456789");
    if (length == std::string_view::npos) return 0;
    const bool numbered = length > 0 && (line[length] == '.' || line[length] == ')');
    const bool dashed = length == 0 && (line[0] == '-' || line[0] == '*');
    if (!numbered && !dashed) return 0;
    ++length;
    return length == line.size() || line[length] == ' ' || line[length] == '\t' ? length : 0;
  };
  std::vector<std::string> items;
  bool inside = false;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (const std::size_t begin = mark(line); begin > 0) {
      inside = true;
      if (!items.empty() && items.back().empty()) items.pop_back();
      items.emplace_back(trimmed(line.substr(begin)));
    } else if (line.empty()) {
      inside = false;
    } else if (inside) {
      if (!items.back().empty()) items.back() += ' ';
      items.back() += line;
    }
  }
  if (!items.empty() && items.back().empty()) items.pop_back();
  return items;
}

}  // namespace outthink
