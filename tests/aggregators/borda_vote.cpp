// SPDX-License-Identifier: MIT
#include "../support/vote.hpp"
#include <outthink/aggregators/borda_vote.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/kernels/borda_weights.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
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

TEST_CASE("borda_vote weighs as the kernel does") {
  outthink::random_stream random({.key = 9, .place = 2});
  for (int round = 0; round < 100; ++round) {
    std::vector<candidate> some;
    std::vector<float> scores;
    for (int i = 0; i < 9; ++i) {
      scores.push_back(static_cast<float>(random.below(6)));
      some.push_back(voter(std::to_string(i), {scores.back()}));
    }
    const double power = 2 * random.uniform();
    std::vector<float> weights(scores.size());
    std::vector<std::size_t> order(scores.size());
    outthink::kernels::borda_weights(scores, power, weights, order);
    const auto ours = borda_vote{.power = power}(some);
    const auto theirs = outthink::detail::decide_by_weight(some, weights);
    CHECK(ours.chosen == theirs.chosen);
    CHECK(ours.confidence == doctest::Approx(theirs.confidence).epsilon(1e-6));
  }
}
