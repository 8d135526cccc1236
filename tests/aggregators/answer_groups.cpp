// SPDX-License-Identifier: MIT
#include "../support/vote.hpp"
#include <outthink/aggregators/answer_groups.hpp>
#include <outthink/core/random_stream.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <vector>

using outthink::candidate;
using outthink::detail::group_by_answer;
using outthink::test::voter;

TEST_CASE("group_by_answer names each group by its first candidate") {
  const std::vector<candidate> some{voter("b"), voter("a"), voter("b"),
                                    voter(""),  voter("a"), voter("")};
  CHECK(group_by_answer(some) == std::vector<std::size_t>{0, 1, 0, 3, 1, 3});
  CHECK(group_by_answer({}).empty());
  CHECK(group_by_answer(std::vector<candidate>{voter("a")}) == std::vector<std::size_t>{0});
}

TEST_CASE("group_by_answer tells answers apart by every byte") {
  const std::vector<candidate> some{voter("a"), voter("a "), voter(std::string("a\0", 2)),
                                    voter("A"), voter("\xFF")};
  CHECK(group_by_answer(some) == std::vector<std::size_t>{0, 1, 2, 3, 4});
}

TEST_CASE("group_by_answer agrees with comparing every pair") {
  outthink::random_stream random({.key = 2, .place = 5});
  std::vector<candidate> many;
  for (int i = 0; i < 500; ++i) many.push_back(voter(std::to_string(random.below(60))));
  const std::vector<std::size_t> groups = group_by_answer(many);
  for (std::size_t i = 0; i < many.size(); ++i) {
    std::size_t first = 0;
    while (many[first].answer != many[i].answer) ++first;
    CHECK(groups[i] == first);
  }
}

TEST_CASE("group_by_answer compares keys where there are keys") {
  std::vector<candidate> some{voter("0.5"), voter("1/2"), voter("50%"), voter("1/2")};
  for (const std::size_t keyed : {0U, 2U, 3U}) some[keyed].key = "1/2";
  CHECK(group_by_answer(some) == std::vector<std::size_t>{0, 0, 0, 0});
}
