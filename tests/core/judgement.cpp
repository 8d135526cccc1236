// SPDX-License-Identifier: MIT
#include <outthink/core/judgement.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>
#include <limits>

using outthink::judgement;
using outthink::judgement_of;
using outthink::score_of;

TEST_CASE("a judgement survives as a score; an abstention ranks between wrong and right") {
  for (const judgement one : {judgement::wrong, judgement::uncertain, judgement::right}) {
    CHECK(judgement_of(score_of(one)) == one);
  }
  CHECK(score_of(judgement::wrong) < score_of(judgement::uncertain));
  CHECK(score_of(judgement::uncertain) < score_of(judgement::right));
}

TEST_CASE("a score is a clear judgement in its outer quarters, ends included") {
  CHECK(judgement_of(0.75F) == judgement::right);
  CHECK(judgement_of(std::nextafter(0.75F, 0.0F)) == judgement::uncertain);
  CHECK(judgement_of(0.25F) == judgement::wrong);
  CHECK(judgement_of(std::nextafter(0.25F, 1.0F)) == judgement::uncertain);
  CHECK(judgement_of(std::numeric_limits<float>::quiet_NaN()) == judgement::uncertain);
  CHECK(judgement_of(std::numeric_limits<float>::infinity()) == judgement::right);
}
