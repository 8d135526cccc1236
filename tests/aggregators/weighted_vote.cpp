// SPDX-License-Identifier: MIT
#include "../support/vote.hpp"
#include <outthink/aggregators/weighted_vote.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <vector>

using outthink::candidate;
using outthink::decision;
using outthink::outcome;
using outthink::step_reduction;
using outthink::weighted_vote;
using outthink::test::voter;
using candidates = std::vector<candidate>;

static_assert(outthink::aggregator<weighted_vote>);

TEST_CASE("weighted_vote returns the answer with the largest sum of scores") {
  const decision made =
      weighted_vote{}(candidates{voter("A", {.9F}), voter("B", {.6F}), voter("B", {.5F})});
  CHECK(made.chosen == 1);
  CHECK(made.confidence == doctest::Approx(1.1 / 2.0));
}

TEST_CASE("weighted_vote shows the best-scored solution of the answer, the earlier of equals") {
  CHECK(weighted_vote{}(
            candidates{voter("B", {.2F}), voter("A", {.5F}), voter("B", {.7F}), voter("B", {.7F})})
            .chosen == 2);
}

TEST_CASE("weighted_vote returns the answer given first when sums tie") {
  CHECK(weighted_vote{}(candidates{voter("z", {.5F}), voter("a", {.25F}), voter("a", {.25F})})
            .chosen == 0);
}

TEST_CASE("weighted_vote reduces the scores of the steps as it is told") {
  const candidates both{voter("A", {.9F, .2F}), voter("B", {.3F, .3F})};
  CHECK(weighted_vote{}(both).chosen == 1);
  CHECK(weighted_vote{.reduction = step_reduction::min}(both).chosen == 1);
  CHECK(weighted_vote{.reduction = step_reduction::mean}(both).chosen == 0);
  CHECK(weighted_vote{.reduction = step_reduction::product}(both).chosen == 0);
}

TEST_CASE("weighted_vote counts heads where there are no scores") {
  const decision made = weighted_vote{}(candidates{voter("a"), voter("b"), voter("b")});
  CHECK(made.chosen == 1);
  CHECK(made.confidence == doctest::Approx(2.0 / 3));
}

TEST_CASE("weighted_vote gives negative scores and NaN no weight") {
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  SUBCASE("beside positive ones") {
    const decision made = weighted_vote{}(
        candidates{voter("a", {kNaN}), voter("a", {-5}), voter("a", {kNaN}), voter("b", {.1F})});
    CHECK(made.chosen == 3);
    CHECK(made.confidence == 1);
  }
  SUBCASE("an unweighted solution does not represent its answer") {
    CHECK(weighted_vote{}(candidates{voter("a", {kNaN}), voter("a", {.5F})}).chosen == 1);
  }
  SUBCASE("alone, all weigh the same") {
    const decision made =
        weighted_vote{}(candidates{voter("a", {-1}), voter("b", {kNaN}), voter("b", {0})});
    CHECK(made.chosen == 1);
    CHECK(made.confidence == doctest::Approx(2.0 / 3));
  }
  SUBCASE("minus infinity") {
    CHECK(weighted_vote{}(
              candidates{voter("a", {-std::numeric_limits<float>::infinity()}), voter("b", {.1F})})
              .chosen == 1);
  }
}

TEST_CASE("weighted_vote does not count empty answers, however good") {
  CHECK(weighted_vote{}(candidates{voter("", {1}), voter("a", {.1F})}).chosen == 1);
  CHECK(weighted_vote{}(candidates{voter("", {1}), voter("")}).chosen == outcome::none);
}

TEST_CASE("weighted_vote takes one candidate, equal ones, and none") {
  CHECK(weighted_vote{}(candidates{voter("a", {.3F})}).chosen == 0);
  CHECK(weighted_vote{}(candidates(4, voter("a", {.3F}))).chosen == 0);
  CHECK(weighted_vote{}(candidates(4, voter("a", {.3F}))).confidence == 1);
  CHECK(weighted_vote{}({}).chosen == outcome::none);
  CHECK(weighted_vote{}({}).confidence == 0);
}

TEST_CASE("weighted_vote with equal scores agrees with a count of heads") {
  const candidates equal{voter("c", {.5F}), voter("b", {.5F}), voter("a", {.5F}), voter("a", {.5F}),
                         voter("b", {.5F})};
  CHECK(weighted_vote{}(equal).chosen == 1);
  CHECK(weighted_vote{}(equal).confidence == doctest::Approx(0.4));
}
