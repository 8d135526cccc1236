// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace outthink {

/// A place in a text that stands for a result: `#E10`, `$3`, `${3}`.
struct reference {
  std::size_t begin;     ///< position of its first character
  std::size_t end;       ///< position behind its last
  std::uint32_t number;  ///< of the result
};

/// @brief Finds what a text refers to: `mark`, then a number, which may stand in braces.
///
/// All digits belong to the number: `#E10` is never `#E1` and a 0. Requires: a `mark` that is not
/// empty. Cost: O(length). Errors: none; a number of ten digits or more is no reference.
[[nodiscard]] inline std::vector<reference> references_in(std::string_view text,
                                                          std::string_view mark) {
  constexpr std::size_t kMostDigits = 9;
  const auto digit = [&](std::size_t at) {
    return at < text.size() && text[at] >= '0' && text[at] <= '9';
  };
  std::vector<reference> found;
  for (std::size_t begin = text.find(mark); begin != std::string_view::npos;) {
    const std::size_t behind_mark = begin + mark.size();
    const bool braced = behind_mark < text.size() && text[behind_mark] == '{';
    const std::size_t first = behind_mark + (braced ? 1 : 0);
    std::size_t end = first;
    std::uint64_t number = 0;
    for (; digit(end); ++end) {
      if (end - first < kMostDigits) number = 10 * number + static_cast<unsigned>(text[end] - '0');
    }
    const std::size_t digits = end - first;
    const bool closed = !braced || (end < text.size() && text[end] == '}');
    const bool is_one = digits > 0 && digits <= kMostDigits && closed;
    if (is_one)
      found.push_back({begin, end + (braced ? 1 : 0), static_cast<std::uint32_t>(number)});
    begin = text.find(mark, is_one ? found.back().end : behind_mark);
  }
  return found;
}

/// @brief The text with every reference replaced by `result_of(number)`.
///
/// All are replaced at once: what a result says is not read for references again.
/// Requires: `result_of` gives a text. Cost: O(length of what is made).
template <class ResultOf>
[[nodiscard]] std::string with_results(std::string_view text, std::string_view mark,
                                       const ResultOf& result_of) {
  std::string made;
  std::size_t from = 0;
  for (const reference& one : references_in(text, mark)) {
    made += text.substr(from, one.begin - from);
    made += result_of(one.number);
    from = one.end;
  }
  return made += text.substr(from);
}

}  // namespace outthink
