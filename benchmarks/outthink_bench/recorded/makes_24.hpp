// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/answers/answer_key.hpp>

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

namespace bench::recorded {

/// The expression of a last line such as "Answer: (4 + 8) * (6 - 4) = 24", as the published
/// evaluation takes it: in small letters, without "answer: ", up to the first equals sign.
inline std::string expression_of(std::string_view line) {
  std::string text(line);
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (const auto label = text.find("answer: "); label != std::string::npos) text.erase(label, 8);
  text.resize(std::min(text.find('='), text.size()));
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

/// The whole numbers in a text, sorted.
inline std::vector<std::string> numbers_in(std::string_view text) {
  std::vector<std::string> numbers;
  bool inside = false;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (digit && !inside) numbers.emplace_back();
    if (digit) numbers.back() += c;
    inside = digit;
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

/// Whether the expression of a last line uses the puzzle's numbers, each once, and makes 24.
inline bool makes_24(std::string_view puzzle, std::string_view line) {
  const std::string expression = expression_of(line);
  return numbers_in(expression) == numbers_in(puzzle) &&
         outthink::answer_key(expression) == outthink::answer_key("24");
}

}  // namespace bench::recorded
