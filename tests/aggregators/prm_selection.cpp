// SPDX-License-Identifier: MIT
#include "../support/vote.hpp"
#include <outthink/aggregators/prm_selection.hpp>

#include <doctest/doctest.h>

#include <vector>

using namespace outthink;
using outthink::test::voter;

TEST_CASE("prm_last_max and prm_last_vote differ where the best score is outvoted") {
  const std::vector<candidate> published{voter("A", {.9F}), voter("B", {.6F}), voter("B", {.5F})};
  CHECK(prm_last_max(published).chosen == 0);
  CHECK(prm_last_vote(published).chosen == 1);
  CHECK(prm_last_vote(published).confidence == doctest::Approx(1.1 / 2));
}

TEST_CASE("prm selections reduce steps as their names say") {
  // min .2 .3 .25, last .9 .3 .5, mean .55 .3 .5, product .18 .09 .1875
  const std::vector<candidate> some{voter("a", {.2F, .9F}), voter("b", {.3F, .3F}),
                                    voter("c", {.75F, .25F})};
  CHECK(prm_min_max(some).chosen == 1);
  CHECK(prm_last_max(some).chosen == 0);
  CHECK(prm_avg_max(some).chosen == 0);
  CHECK(prm_prod_max(some).chosen == 2);
  CHECK(prm_min_vote(some).chosen == 1);
  CHECK(prm_last_vote(some).chosen == 0);
  CHECK(prm_avg_vote(some).chosen == 0);
  CHECK(prm_prod_vote(some).chosen == 2);
}
