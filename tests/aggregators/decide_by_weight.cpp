// SPDX-License-Identifier: MIT
#include "../support/vote.hpp"
#include <outthink/aggregators/decide_by_weight.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <vector>

using outthink::candidate;
using outthink::outcome;
using outthink::detail::decide_by_weight;
using outthink::test::voter;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

const std::vector<candidate> some{voter("a"), voter(""), voter("b"), voter("a"), voter("b")};

}  // namespace

TEST_CASE("decide_by_weight chooses the heaviest answer and its heaviest solution") {
  const auto made = decide_by_weight(some, std::vector<float>{.25F, 9, .5F, .5F, .75F});
  CHECK(made.chosen == 4);
  CHECK(made.confidence == doctest::Approx(1.25 / 2));
}

TEST_CASE("decide_by_weight takes the answer given first, and the earlier solution, of equals") {
  CHECK(decide_by_weight(some, std::vector<float>{.5F, 0, .5F, .5F, .5F}).chosen == 0);
  CHECK(decide_by_weight(some, std::vector<float>{0, 0, .5F, .5F, 0}).chosen == 3);
}

TEST_CASE("decide_by_weight counts heads where nothing weighs anything") {
  CHECK(decide_by_weight(some, std::vector<float>{kNaN, 1, -1, 0, -kInfinity}).chosen == 0);
  CHECK(decide_by_weight(some, std::vector<float>{kNaN, 1, -1, 0, 0}).confidence == 0.5);
  CHECK(decide_by_weight(std::vector{voter(""), voter("")}, std::vector<float>{1, 1}).chosen ==
        outcome::none);
  CHECK(decide_by_weight({}, {}).chosen == outcome::none);
}

TEST_CASE("decide_by_weight is sure of an infinite weight") {
  const auto made = decide_by_weight(some, std::vector<float>{1, 1, 1, 1, kInfinity});
  CHECK(made.chosen == 4);
  CHECK(made.confidence == 1);
}

TEST_CASE("decide_by_weight compares keys") {
  std::vector<candidate> keyed{voter("0.5"), voter("2"), voter("1/2")};
  keyed[0].key = keyed[2].key = "1/2";
  CHECK(decide_by_weight(keyed, std::vector<float>{1, 1.5F, 1}).chosen == 0);
}
