// SPDX-License-Identifier: MIT
#include <outthink/answers/boxed_answer.hpp>

#include <doctest/doctest.h>

#include <string>

using outthink::boxed_answer;

TEST_CASE("boxed_answer takes what stands in the last box, braces included") {
  CHECK(boxed_answer("so $\\boxed{5}$.") == "5");
  CHECK(boxed_answer("\\boxed{\\frac{1}{\\sqrt{2}}}") == "\\frac{1}{\\sqrt{2}}");
  CHECK(boxed_answer("\\boxed{1} or rather \\boxed{2}") == "2");
  CHECK(boxed_answer("\\fbox{x}") == "x");
  CHECK(boxed_answer("\\boxed{a\\}b}") == "a\\}b");
}

TEST_CASE("boxed_answer passes over boxes that do not close") {
  CHECK(boxed_answer("\\boxed{1} then \\boxed{2") == "1");
  CHECK(boxed_answer("\\boxed{1") == "");
}

TEST_CASE("boxed_answer of a solution without a box is empty") {
  CHECK(boxed_answer("").empty());
  CHECK(boxed_answer("a box{5}").empty());
  CHECK(boxed_answer("\\boxed 5").empty());
  CHECK(boxed_answer("\\boxed{}").empty());
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "\\boxed{";
  CHECK(boxed_answer(many).empty());
}
