// SPDX-License-Identifier: MIT
#include "../support/vote.hpp"
#include <outthink/aggregators/functional_consensus.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using outthink::candidate;
using outthink::functional_consensus;
using outthink::outcome;
using outthink::test::voter;

static_assert(outthink::aggregator<functional_consensus>);

namespace {

std::vector<candidate> functions(std::vector<std::string> outputs) {
  std::vector<candidate> made;
  for (std::string& one : outputs) {
    made.push_back(voter("def f(x): ..."));
    made.back().key = std::move(one);
  }
  return made;
}

}  // namespace

// Outputs 1, 1, 2, a crash for one input and 5, 6, 6, 6 for the other.
TEST_CASE("functional_consensus scores the published example 1, 3, 2, -98") {
  const auto four = functions({"1\n5", "1\n6", "2\n6", "\n6"});
  CHECK(functional_consensus{}.scores(four) == std::vector<double>{1, 3, 2, -98});
  CHECK(functional_consensus{}(four).chosen == 1);
  CHECK(functional_consensus{}(four).confidence == 0.5);  // of 3 others at 2 inputs
}

TEST_CASE("functional_consensus: one like no other on all inputs wins over a pair that is alike") {
  const auto five = functions({"1\n2\n3", "1\n2\n9", "8\n2\n3", "1\n7\n7", "1\n7\n7"});
  CHECK(functional_consensus{}.scores(five) == std::vector<double>{6, 5, 3, 5, 5});
  CHECK(functional_consensus{}(five).chosen == 0);
}

TEST_CASE("functional_consensus: failing a given test costs more than any agreement") {
  auto three = functions({"1", "1", "2"});
  three[0].step_scores = three[1].step_scores = {0};
  three[2].step_scores = {1};
  CHECK(functional_consensus{}(three).chosen == 2);
  CHECK(functional_consensus{.failure = 0.5}(three).chosen == 0);
}

TEST_CASE("functional_consensus: outputs that are missing are crashes") {
  CHECK(functional_consensus{}.scores(functions({"1", "1\n2"})) == std::vector<double>{-99, 1});
  CHECK(functional_consensus{.crash = 2}.scores(functions({"\n", "3\n4"})) ==
        std::vector<double>{-4, 0});
  CHECK(functional_consensus{}.scores(functions({"", "5", "5"})) ==
        std::vector<double>{-100, 1, 1});
}

TEST_CASE("functional_consensus: ties, one function, and none") {
  CHECK(functional_consensus{}(functions({"1", "2"})).chosen == 0);
  CHECK(functional_consensus{}(functions({"1", "2"})).confidence == 0);
  CHECK(functional_consensus{}(functions({"1"})).confidence == 1);
  CHECK(functional_consensus{}(functions({"\n1"})).confidence == 0);
  CHECK(functional_consensus{}(std::vector{voter(""), voter("7")}).chosen == 1);
  CHECK(functional_consensus{}(std::vector{voter("")}).chosen == outcome::none);
  CHECK(functional_consensus{}({}).chosen == outcome::none);
}
