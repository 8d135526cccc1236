// SPDX-License-Identifier: MIT
#include "../support/vote.hpp"
#include <outthink/aggregators/hierarchical_vote.hpp>

#include <doctest/doctest.h>

#include <vector>

using outthink::candidate;
using outthink::hierarchical_vote;
using outthink::outcome;
using outthink::test::voter;

static_assert(outthink::aggregator<hierarchical_vote>);

TEST_CASE("hierarchical_vote lets every chain speak once") {
  // Pooled, a has 1.8 and b 1.4; by chains a has .6, b .7 + .7.
  const std::vector<candidate> chains{voter("a", {.6F}), voter("a", {.6F}), voter("a", {.6F}),
                                      voter("b", {.7F}), voter("c", {.1F}), voter("c", {.2F}),
                                      voter("c", {.1F}), voter("b", {.7F}), voter("c", {.2F})};
  const auto made = hierarchical_vote{.group = 3}(chains);
  CHECK(made.chosen == 3);
  CHECK(made.confidence == doctest::Approx(1.4 / 2));
}

TEST_CASE("hierarchical_vote with one group, or groups of one, is a weighted vote") {
  const std::vector<candidate> some{voter("a", {.9F}), voter("b", {.6F}), voter("b", {.5F})};
  CHECK(hierarchical_vote{.group = 3}(some).chosen == 1);
  CHECK(hierarchical_vote{.group = 1}(some).chosen == 1);
  CHECK(hierarchical_vote{.group = 2}(some).chosen == 0);  // a .9, then b .5
}

TEST_CASE("hierarchical_vote skips groups without an answer and chooses none of none") {
  CHECK(hierarchical_vote{.group = 2}(std::vector{voter(""), voter(""), voter("a")}).chosen == 2);
  CHECK(hierarchical_vote{}(std::vector{voter("")}).chosen == outcome::none);
  CHECK(hierarchical_vote{}({}).chosen == outcome::none);
  CHECK_THROWS_AS((void)hierarchical_vote{.group = 0}({}), outthink::error);
}
