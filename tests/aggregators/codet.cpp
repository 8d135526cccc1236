// SPDX-License-Identifier: MIT
#include "tested.hpp"
#include <outthink/aggregators/codet.hpp>

#include <doctest/doctest.h>

#include <vector>

using outthink::codet;
using outthink::outcome;
using outthink::test::tested;

static_assert(outthink::aggregator<codet>);

// Scores 3 √3 = 5.196, 4 and 2; and 3 √2 = 4.243, 4 and 3.
TEST_CASE("codet prefers agreeing programs to one that passes more tests") {
  CHECK(codet{}(outthink::test::agreeing_three()).chosen == 0);
  CHECK(codet{}(outthink::test::agreeing_three()).confidence == 0.6);
  CHECK(codet{}(outthink::test::agreeing_two()).chosen == 0);
  CHECK(codet{}(outthink::test::agreeing_two()).confidence == 0.5);
}

TEST_CASE("codet: many programs that pass little lose to one that passes much more") {
  CHECK(codet{}(tested({"1000", "1000", "1000", "0111"})).chosen == 3);
}

TEST_CASE("codet is unsure where nothing passes, and chooses nothing where nothing ran") {
  CHECK(codet{}(tested({"", "000", "000"})).chosen == 1);
  CHECK(codet{}(tested({"", "000", "000"})).confidence == 0);
  const std::vector untested{outthink::test::voter("x"), outthink::test::voter("-x + 0")};
  CHECK(codet{}(untested).chosen == 0);
  CHECK(codet{}(untested).confidence == 0);
  CHECK(codet{}(tested({""})).chosen == outcome::none);
  CHECK(codet{}({}).chosen == outcome::none);
}
