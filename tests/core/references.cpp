// SPDX-License-Identifier: MIT
#include <outthink/core/references.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using outthink::references_in;
using outthink::with_results;

namespace {

std::vector<std::uint32_t> numbers(std::string_view text, std::string_view mark) {
  std::vector<std::uint32_t> found;
  for (const outthink::reference& one : references_in(text, mark)) found.push_back(one.number);
  return found;
}

std::string in_brackets(std::uint32_t number) {
  return '[' + std::to_string(100 * number) + ']';
}

}  // namespace

TEST_CASE("references: all digits belong to the number, so that #E10 is never #E1 and a 0") {
  CHECK(numbers("#E10", "#E") == std::vector<std::uint32_t>{10});
  CHECK(numbers("#E1 #E10#E2,#E100", "#E") == std::vector<std::uint32_t>{1, 10, 2, 100});
  CHECK(with_results("is #E1 or #E10?", "#E", in_brackets) == "is [100] or [1000]?");
  CHECK(with_results("$1$12${1}2", "$", in_brackets) == "[100][1200][100]2");
}

TEST_CASE("references: a number may stand in braces") {
  CHECK(numbers("max($2, ${4}, $6)", "$") == std::vector<std::uint32_t>{2, 4, 6});
  CHECK(with_results("${10}0", "$", in_brackets) == "[1000]0");
  CHECK(references_in("a ${31}", "$")[0].begin == 2);
  CHECK(references_in("a ${31}", "$")[0].end == 7);
}

TEST_CASE("references: a mark without a number is text") {
  for (const char* text :
       {"", "$", "$$", "${", "${}", "${1", "${1 }", "${a}", "$a1", "#1", "$ 1"}) {
    CAPTURE(text);
    CHECK(references_in(text, "$").empty());
    CHECK(with_results(text, "$", in_brackets) == text);
  }
  CHECK(numbers("$$3", "$") == std::vector<std::uint32_t>{3});
  CHECK(numbers("${${3}", "$") == std::vector<std::uint32_t>{3});
}

TEST_CASE("references: numbers have at most nine digits") {
  CHECK(numbers("$999999999", "$") == std::vector<std::uint32_t>{999'999'999});
  CHECK(numbers("$1000000000 $2", "$") == std::vector<std::uint32_t>{2});
  CHECK(numbers("$00000001", "$") == std::vector<std::uint32_t>{1});
}

TEST_CASE("references: what a result says is not read for references again") {
  const auto mean = [](std::uint32_t number) { return number == 1 ? "#E2" : "#E1"; };
  CHECK(with_results("#E1, #E2", "#E", mean) == "#E2, #E1");
}
