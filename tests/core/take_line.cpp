// SPDX-License-Identifier: MIT
#include <outthink/core/take_line.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using outthink::take_line;
using outthink::trimmed;

namespace {

std::vector<std::string> lines(std::string_view text) {
  std::vector<std::string> all;
  while (!text.empty()) all.emplace_back(take_line(text));
  return all;
}

}  // namespace

TEST_CASE("take_line gives line after line, without the blanks around them") {
  using texts = std::vector<std::string>;
  CHECK(lines("").empty());
  CHECK(lines("a") == texts{"a"});
  CHECK(lines("a\n") == texts{"a"});
  CHECK(lines(" a b \r\n\n\tc") == texts{"a b", "", "c"});
  CHECK(lines("\n\n") == texts{"", ""});
}

TEST_CASE("trimmed leaves a text of blanks empty, and what is inside as it is") {
  CHECK(trimmed("").empty());
  CHECK(trimmed(" \t\r ").empty());
  CHECK(trimmed("  a  b\t") == "a  b");
  CHECK(trimmed("a\n") == "a\n");
}
