// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace outthink::verifiers {

/// The last whole number of a reply, with its sign, such as the step or the solution that a judge
/// names; nothing if there is none or it has more than nine digits.
[[nodiscard]] constexpr std::optional<int> read_last_number(std::string_view text) noexcept {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  std::size_t end = text.size();
  while (end > 0 && !digit(end - 1)) --end;
  if (end == 0) return std::nullopt;
  std::size_t begin = end;
  int value = 0, unit = 1;
  while (begin > 0 && digit(begin - 1)) {
    if (end - begin >= 9) return std::nullopt;
    value += unit * (text[--begin] - '0');
    unit = end - begin < 9 ? unit * 10 : unit;
  }
  return begin > 0 && text[begin - 1] == '-' ? -value : value;
}

}  // namespace outthink::verifiers
