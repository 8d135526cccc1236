// SPDX-License-Identifier: MIT
#include "../support/vote.hpp"
#include <outthink/aggregators/confidence_vote.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <vector>

using outthink::candidate;
using outthink::confidence_vote;
using outthink::outcome;
using outthink::test::voter;

namespace {

// Ten solutions of confidences 1 to 10; the three best say b.
std::vector<candidate> ten() {
  std::vector<candidate> made;
  for (int i = 1; i <= 10; ++i) made.push_back(voter(i > 7 ? "b" : "a", {static_cast<float>(i)}));
  return made;
}

}  // namespace

static_assert(outthink::aggregator<confidence_vote>);

TEST_CASE("confidence_vote without a filter weighs all by their confidence") {
  const auto made = confidence_vote{.share = 1}(ten());  // a: 28, b: 27
  CHECK(made.chosen == 6);
  CHECK(made.confidence == doctest::Approx(28.0 / 55));
}

TEST_CASE("confidence_vote drops what is below the quantile") {
  // The .1 quantile of 1 to 10 is 1.9: a loses 1. The .9 quantile is 9.1: 10 alone stays.
  const auto nine = confidence_vote{.share = .9}(ten());
  CHECK(nine.chosen == 6);
  CHECK(nine.confidence == doctest::Approx(27.0 / 54));
  const auto one = confidence_vote{.share = .1}(ten());
  CHECK(one.chosen == 9);
  CHECK(one.confidence == 1);
}

TEST_CASE("confidence_vote keeps solutions equal to the quantile, and drops NaN") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<candidate> some{voter("a", {2}), voter("a", {2}), voter("b", {2}),
                                    voter("b", {nan}), voter("b", {nan})};
  CHECK(confidence_vote{.share = .1}(some).chosen == 0);
  CHECK(confidence_vote{.share = .1}(some).confidence == doctest::Approx(2.0 / 3));
}

TEST_CASE("confidence_vote leaves solutions without an answer out of the quantile") {
  const std::vector<candidate> some{voter("", {100}), voter("", {90}), voter("a", {1}),
                                    voter("b", {2})};
  CHECK(confidence_vote{.share = .5}(some).chosen == 3);
}

TEST_CASE("confidence_vote counts heads without confidences and chooses none of none") {
  CHECK(confidence_vote{}(std::vector{voter("a"), voter("b"), voter("b")}).chosen == 1);
  CHECK(confidence_vote{}({}).chosen == outcome::none);
  CHECK_THROWS_AS((void)confidence_vote{.share = 0}({}), outthink::error);
  CHECK_THROWS_AS((void)confidence_vote{.share = 1.5}({}), outthink::error);
}
