// SPDX-License-Identifier: MIT
#include "../support/vote.hpp"
#include <outthink/aggregators/borda_vote.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

using outthink::borda_vote;
using outthink::candidate;
using outthink::outcome;
using outthink::test::voter;

static_assert(outthink::aggregator<borda_vote>);

TEST_CASE("borda_vote weighs four ranks 2, 1.7321, 1.4142 and 1 at a power of one half") {
  // b has ranks 1 and 3, a 0: 1.7321 + 1 against 2; c has rank 2.
  const std::vector<candidate> four{voter("a", {9}), voter("b", {-7}), voter("c", {0}),
                                    voter("b", {3})};
  const auto made = borda_vote{}(four);
  CHECK(made.chosen == 3);
  CHECK(made.confidence ==
        doctest::Approx((std::sqrt(3.0) + 1) / (2 + std::sqrt(3.0) + std::sqrt(2.0) + 1)));
}

TEST_CASE("borda_vote is a majority at a power of zero and the best score at a large one") {
  const std::vector<candidate> some{voter("a", {1}), voter("b", {5}), voter("a", {2})};
  CHECK(borda_vote{.power = 0}(some).chosen == 0);
  CHECK(borda_vote{.power = 0}(some).confidence == doctest::Approx(2.0 / 3));
  CHECK(borda_vote{.power = 20}(some).chosen == 1);
}

TEST_CASE("borda_vote gives solutions without an answer no rank") {
  const std::vector<candidate> some{voter("", {9}), voter("a", {5}), voter("b", {4}),
                                    voter("b", {1}), voter("", {7})};
  const auto made = borda_vote{.power = 1}(some);  // a: 3, b: 2 + 1; the first of equals
  CHECK(made.chosen == 1);
  CHECK(made.confidence == 0.5);
  CHECK(borda_vote{}(std::vector{voter(""), voter("")}).chosen == outcome::none);
  CHECK(borda_vote{}({}).chosen == outcome::none);
}

TEST_CASE("borda_vote ranks NaN below everything and equal scores by their order") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(borda_vote{}(std::vector{voter("a", {nan}), voter("b", {-5})}).chosen == 1);
  CHECK(borda_vote{}(std::vector{voter("a", {1}), voter("b", {1})}).chosen == 0);
}

TEST_CASE("borda_vote refuses a negative power") {
  CHECK_THROWS_AS((void)borda_vote{.power = -1}({}), outthink::error);
}
