// SPDX-License-Identifier: MIT
#include "../support/vote.hpp"
#include <outthink/aggregators/verdict_vote.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <vector>

using outthink::candidate;
using outthink::verdict_vote;
using outthink::test::voter;

namespace {

// a: right, wrong; b: uncertain, uncertain, wrong.
const std::vector<candidate> published{voter("a", {1}), voter("b", {.5F}), voter("a", {0}),
                                       voter("b"), voter("b", {0})};

}  // namespace

static_assert(outthink::aggregator<verdict_vote>);

TEST_CASE("verdict_vote sums the published weights, and the answer given first wins a tie") {
  const auto made = verdict_vote{}(published);  // 1.2 each
  CHECK(made.chosen == 0);
  CHECK(made.confidence == doctest::Approx(0.5));
  CHECK(verdict_vote{.wrong = 0}(published).confidence == doctest::Approx(0.5));  // 1 each
}

TEST_CASE("verdict_vote follows its weights") {
  const auto made = verdict_vote{.right = 1, .uncertain = .4F, .wrong = .1F}(published);
  CHECK(made.chosen == 0);
  CHECK(made.confidence == doctest::Approx(1.1 / 2.0));
  CHECK(verdict_vote{.right = 1, .uncertain = 1, .wrong = 1}(published).chosen == 1);  // 2 to 3
}

TEST_CASE("verdict_vote takes the last score for the verdict, NaN and none for uncertain") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<candidate> some{voter("a", {0, .75F}), voter("b", {1, .25F}),
                                    voter("c", {1, nan})};
  CHECK(verdict_vote{.right = 1, .uncertain = 0, .wrong = 0}(some).chosen == 0);
  CHECK(verdict_vote{.right = 0, .uncertain = 0, .wrong = 1}(some).chosen == 1);
  CHECK(verdict_vote{.right = 0, .uncertain = 1, .wrong = 0}(some).chosen == 2);
}
