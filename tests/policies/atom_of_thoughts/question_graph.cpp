// SPDX-License-Identifier: MIT
#include <outthink/policies/atom_of_thoughts/question_graph.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <optional>
#include <vector>

using outthink::longest_chain;
using outthink::read_sub_questions;
using outthink::sub_question;

namespace {

std::vector<sub_question> graph(const std::vector<std::vector<std::size_t>>& needs) {
  std::vector<sub_question> questions;
  for (const auto& one : needs) questions.push_back({.text = "q", .needs = one});
  return questions;
}

}  // namespace

TEST_CASE("longest_chain: of 1 -> 3 and 2 -> 3, 1 and 2 are independent, and the depth is 2") {
  const auto questions =
      read_sub_questions("1. a? | 3\n2. b? | 4\n3. How much are #1 and #2? | 7\n");
  REQUIRE(questions.size() == 3);
  CHECK(questions[0].independent());
  CHECK(questions[1].independent());
  CHECK_FALSE(questions[2].independent());
  CHECK(questions[2].needs == std::vector<std::size_t>{0, 1});
  CHECK(longest_chain(questions) == 2);
  CHECK(questions[1].text == "b?");
  CHECK(questions[2].answer == "7");
}

TEST_CASE("longest_chain counts along the longest way, not the shortest") {
  CHECK(longest_chain({}) == 0);
  CHECK(longest_chain(graph({{}, {}, {}})) == 1);
  CHECK(longest_chain(graph({{}, {0}, {1}, {2}})) == 4);
  CHECK(longest_chain(graph({{}, {0}, {1}, {0, 2}})) == 4);  // 0 -> 3 is shorter
  CHECK(longest_chain(graph({{1}, {2}, {}})) == 3);          // needs may stand behind
  CHECK(longest_chain(graph({{}, {0, 0}})) == 2);
}

TEST_CASE("longest_chain: circles and questions that are not there have no depth") {
  CHECK(longest_chain(graph({{0}})) == std::nullopt);
  CHECK(longest_chain(graph({{}, {2}, {1}})) == std::nullopt);
  CHECK(longest_chain(graph({{}, {2}})) == std::nullopt);
  CHECK(longest_chain(read_sub_questions("1. #0?\n")) == std::nullopt);
  CHECK(longest_chain(read_sub_questions("1. #2?\n2. #1?\n")) == std::nullopt);
}

TEST_CASE("read_sub_questions: answers may be missing, bars belong to the question but the last") {
  const auto questions =
      read_sub_questions("So:\n1. |x| for x = -2? | 2\n2. Why?\n3. And #10? |\n");
  REQUIRE(questions.size() == 3);
  CHECK(questions[0].text == "|x| for x = -2?");
  CHECK(questions[0].answer == "2");
  CHECK(questions[1].answer.empty());
  CHECK(questions[2].text == "And #10?");
  CHECK(questions[2].needs == std::vector<std::size_t>{9});
}
