// SPDX-License-Identifier: MIT
#include <outthink/core/problem.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using outthink::problem;

TEST_CASE("problem is made from any text") {
  const std::string text = "4 9 10 13";
  const std::vector<problem> problems{"1 2 3 4", text, std::string()};
  CHECK(problems[0].prompt == "1 2 3 4");
  CHECK(problems[1].prompt == text);
  CHECK(problems[2].prompt.empty());
}
