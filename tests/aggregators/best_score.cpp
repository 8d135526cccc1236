// SPDX-License-Identifier: MIT
#include "../support/vote.hpp"
#include <outthink/aggregators/best_score.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <vector>

using outthink::best_score;
using outthink::candidate;
using outthink::outcome;
using outthink::step_reduction;
using outthink::test::voter;
using candidates = std::vector<candidate>;

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

}  // namespace

static_assert(outthink::aggregator<best_score>);

TEST_CASE("best_score returns the solution with the best score") {
  const auto made =
      best_score{}(candidates{voter("A", {.9F}), voter("B", {.6F}), voter("B", {.5F})});
  CHECK(made.chosen == 0);
  CHECK(made.confidence == doctest::Approx(0.9));
}

TEST_CASE("best_score reduces the scores of the steps as it is told") {
  const candidates both{voter("A", {.9F, .2F}), voter("B", {.3F, .3F})};
  CHECK(best_score{}(both).chosen == 1);
  CHECK(best_score{.reduction = step_reduction::min}(both).chosen == 1);
  CHECK(best_score{.reduction = step_reduction::mean}(both).chosen == 0);
  CHECK(best_score{.reduction = step_reduction::product}(both).chosen == 0);
}

TEST_CASE("best_score keeps the earlier of equal solutions") {
  CHECK(best_score{}(candidates(3, voter("a", {.5F}))).chosen == 0);
  CHECK(best_score{}(candidates{voter("a", {.1F}), voter("b", {.5F}), voter("c", {.5F})}).chosen ==
        1);
  CHECK(best_score{}(candidates(3, voter("a", {kNaN}))).chosen == 0);
  CHECK(best_score{}(candidates(3, voter("a"))).chosen == 0);
}

TEST_CASE("best_score ranks NaN lowest and candidates without scores right above") {
  CHECK(best_score{}(candidates{voter("a", {kNaN}), voter("b", {-3})}).chosen == 1);
  CHECK(best_score{}(candidates{voter("a", {-3}), voter("b", {kNaN})}).chosen == 0);
  CHECK(best_score{}(candidates{voter("a"), voter("b", {-3})}).chosen == 1);
  CHECK(best_score{}(candidates{voter("a", {kNaN}), voter("b")}).chosen == 1);
  CHECK(best_score{}(candidates{voter("a"), voter("b", {kNaN})}).chosen == 0);
}

TEST_CASE("best_score is sure of a winner by its score, within [0, 1]") {
  CHECK(best_score{}(candidates{voter("a", {3})}).confidence == 1);
  CHECK(best_score{}(candidates{voter("a", {-3})}).confidence == 0);
  CHECK(best_score{}(candidates{voter("a", {kNaN})}).confidence == 0);
  CHECK(best_score{}(candidates{voter("a")}).confidence == 0);
  CHECK(best_score{}(candidates{voter("a", {kInfinity})}).confidence == 1);
}

TEST_CASE("best_score of no candidate chooses none") {
  CHECK(best_score{}({}).chosen == outcome::none);
  CHECK(best_score{}({}).confidence == 0);
}
