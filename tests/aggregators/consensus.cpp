// SPDX-License-Identifier: MIT
#include "../support/vote.hpp"
#include <outthink/aggregators/consensus.hpp>
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/core/random_stream.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

using outthink::candidate;
using outthink::consensus;
using outthink::outcome;
using outthink::test::voter;

static_assert(outthink::aggregator<consensus<>>);

TEST_CASE("consensus by the same answer is a majority vote") {
  outthink::random_stream random({.key = 6, .place = 1});
  for (int round = 0; round < 200; ++round) {
    std::vector<candidate> some;
    for (int i = 0; i < 12; ++i) {
      const auto drawn = random.below(5);
      some.push_back(voter(drawn == 0 ? "" : std::to_string(drawn)));
    }
    CHECK(consensus{}(some).chosen == outthink::majority_vote{}(some).chosen);
  }
}

TEST_CASE("consensus chooses the solution nearest to all others") {
  const auto near = [](const candidate& a, const candidate& b) {
    return 1 / (1 + std::abs(std::stod(a.answer) - std::stod(b.answer)));
  };
  const std::vector<candidate> some{voter("10"), voter("1"), voter("2"), voter("3")};
  const auto made = consensus{near}(some);
  CHECK(made.chosen == 2);
  CHECK(made.confidence == doctest::Approx((1.0 / 9 + .5 + .5) / 3));
}

// Outputs of four programs for two inputs, an error being like nothing: scores 1, 3, 2, 2, where
// the published rule takes 100 off for the error besides.
TEST_CASE("consensus by behaviour agrees with the published example") {
  const auto behaviour = [](const candidate& a, const candidate& b) {
    int same = 0;
    for (std::size_t i = 0; i < 2; ++i) same += a.answer[i] == b.answer[i] && a.answer[i] != '!';
    return same;
  };
  const std::vector<candidate> programs{voter("15"), voter("16"), voter("26"), voter("!6")};
  CHECK(consensus{behaviour}(programs).chosen == 1);
}

TEST_CASE("consensus takes NaN for nothing alike, the earlier of equals, one, and none") {
  const auto unknown = [](const candidate&, const candidate&) {
    return std::numeric_limits<double>::quiet_NaN();
  };
  CHECK(consensus{unknown}(std::vector{voter("a"), voter("b")}).chosen == 0);
  CHECK(consensus{unknown}(std::vector{voter("a"), voter("b")}).confidence == 0);
  CHECK(consensus{}(std::vector{voter(""), voter("a")}).chosen == 1);
  CHECK(consensus{}(std::vector{voter(""), voter("a")}).confidence == 1);
  CHECK(consensus{}(std::vector{voter("")}).chosen == outcome::none);
  CHECK(consensus{}({}).chosen == outcome::none);
}
