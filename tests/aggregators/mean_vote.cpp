// SPDX-License-Identifier: MIT
#include "../support/vote.hpp"
#include <outthink/aggregators/mean_vote.hpp>
#include <outthink/aggregators/weighted_vote.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace outthink;
using outthink::test::voter;

static_assert(aggregator<mean_vote>);

TEST_CASE("mean_vote ignores support, which weighted_vote counts") {
  const std::vector<candidate> published{voter("A", {.9F}), voter("B", {.8F}), voter("B", {.7F}),
                                         voter("B", {.6F})};
  CHECK(mean_vote{}(published).chosen == 0);
  CHECK(mean_vote{}(published).confidence == doctest::Approx(.9));
  CHECK(weighted_vote{}(published).chosen == 1);  // 2.1 against .9
}

TEST_CASE(
    "mean_vote takes the best solution of the answer, of equal means the answer given first") {
  const std::vector<candidate> some{voter("a", {.5F}), voter("b", {.25F}), voter("b", {.75F}),
                                    voter("c", {.5F})};
  CHECK(mean_vote{}(some).chosen == 0);
  const std::vector<candidate> others{voter("b", {.2F}), voter("b", {.9F}), voter("a", {.5F})};
  CHECK(mean_vote{}(others).chosen == 1);
}

TEST_CASE("mean_vote reduces steps as it is told") {
  const std::vector<candidate> some{voter("a", {.9F, .5F}), voter("b", {.5F, .6F})};
  CHECK(mean_vote{}(some).chosen == 1);
  CHECK(mean_vote{step_reduction::product}(some).chosen == 0);
}

TEST_CASE("mean_vote: no answer and no score do not count") {
  const std::vector<candidate> some{voter("", {.9F}), voter("a", {NAN}), voter("a", {.3F}),
                                    voter("b", {.2F})};
  CHECK(mean_vote{}(some).chosen == 2);
  CHECK(mean_vote{}({}).chosen == outcome::none);
  const std::vector<candidate> nothing{voter("", {.9F}), voter("a", {NAN})};
  CHECK(mean_vote{}(nothing).chosen == outcome::none);
  CHECK(mean_vote{}(nothing).confidence == 0);
  const std::vector<candidate> negative{voter("a", {-2}), voter("b", {-1})};
  CHECK(mean_vote{}(negative).chosen == 1);
}
