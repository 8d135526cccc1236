// SPDX-License-Identifier: MIT
#include "../support/vote.hpp"
#include <outthink/aggregators/majority_vote.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

using outthink::candidate;
using outthink::decision;
using outthink::majority_vote;
using outthink::outcome;
using outthink::test::voter;

namespace {

std::vector<candidate> voters(const std::vector<std::string>& answers) {
  std::vector<candidate> made;
  for (const std::string& answer : answers) made.push_back(voter(answer));
  return made;
}

}  // namespace

static_assert(outthink::aggregator<majority_vote>);

TEST_CASE("majority_vote returns the answer that most solutions give") {
  const decision made = majority_vote{}(voters({"a", "b", "c", "b", "b", "a"}));
  CHECK(made.chosen == 1);
  CHECK(made.confidence == 0.5);
}

TEST_CASE("majority_vote returns the answer given first when counts tie") {
  CHECK(majority_vote{}(voters({"z", "a", "a", "z"})).chosen == 0);
  CHECK(majority_vote{}(voters({"c", "b", "a"})).chosen == 0);
  CHECK(majority_vote{}(voters({"c", "b", "a", "a", "b"})).chosen == 1);
}

TEST_CASE("majority_vote takes one candidate, and candidates that all agree") {
  CHECK(majority_vote{}(voters({"a"})).chosen == 0);
  CHECK(majority_vote{}(voters({"a"})).confidence == 1);
  CHECK(majority_vote{}(voters({"a", "a", "a"})).chosen == 0);
  CHECK(majority_vote{}(voters({"a", "a", "a"})).confidence == 1);
}

TEST_CASE("majority_vote of no candidate chooses none") {
  CHECK(majority_vote{}({}).chosen == outcome::none);
  CHECK(majority_vote{}({}).confidence == 0);
}

TEST_CASE("majority_vote does not count empty answers") {
  const decision made = majority_vote{}(voters({"", "", "", "a", "b", "b"}));
  CHECK(made.chosen == 4);
  CHECK(made.confidence == doctest::Approx(2.0 / 3));
  CHECK(majority_vote{}(voters({"", ""})).chosen == outcome::none);
}

TEST_CASE("majority_vote ignores scores, whatever they are") {
  std::vector<candidate> candidates = voters({"a", "b", "b"});
  candidates[0].step_scores = {0.99F};
  candidates[1].step_scores = {std::numeric_limits<float>::quiet_NaN()};
  candidates[2].step_scores = {-1};
  CHECK(majority_vote{}(candidates).chosen == 1);
}

// Condorcet: n voters of whom each is right with probability 0.6; the published values 0.648,
// 0.6826 and 0.7869 come out when every pattern of votes is weighed by its probability.
TEST_CASE("majority_vote is right as often as the binomial distribution says") {
  const auto accuracy = [](unsigned n) {
    double right = 0;
    for (unsigned pattern = 0; pattern < (1U << n); ++pattern) {
      std::vector<candidate> candidates;
      double probability = 1;
      for (unsigned i = 0; i < n; ++i) {
        const bool good = (pattern >> i) % 2 == 1;
        candidates.push_back(voter(good ? "right" : "wrong"));
        probability *= good ? 0.6 : 0.4;
      }
      const decision made = majority_vote{}(candidates);
      if (candidates[made.chosen].answer == "right") right += probability;
    }
    return right;
  };
  CHECK(accuracy(1) == doctest::Approx(0.6).epsilon(1e-12));
  CHECK(accuracy(3) == doctest::Approx(0.648).epsilon(1e-12));
  CHECK(accuracy(5) == doctest::Approx(0.68256).epsilon(1e-12));
  CHECK(std::abs(accuracy(13) - 0.77116) < 5e-6);
}

TEST_CASE("majority_vote of fifteen voters is right as often as published") {
  // One candidate list per number of right votes; which voters they are does not matter.
  double right = 0, ways = 1;
  for (int good = 0; good <= 15; ++good) {
    std::vector<candidate> candidates;
    for (int i = 0; i < 15; ++i) candidates.push_back(voter(i < good ? "right" : "wrong"));
    const decision made = majority_vote{}(candidates);
    if (candidates[made.chosen].answer == "right") {
      right += ways * std::pow(0.6, good) * std::pow(0.4, 15 - good);
    }
    ways = ways * (15 - good) / (good + 1);
  }
  CHECK(std::abs(right - 0.7869) < 5e-5);
}
