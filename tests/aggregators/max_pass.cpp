// SPDX-License-Identifier: MIT
#include "tested.hpp"
#include <outthink/aggregators/max_pass.hpp>

#include <doctest/doctest.h>

using outthink::max_pass;
using outthink::outcome;
using outthink::test::tested;

static_assert(outthink::aggregator<max_pass>);

TEST_CASE("max_pass prefers the program that passes most tests to those that agree") {
  CHECK(max_pass{}(outthink::test::agreeing_three()).chosen == 3);
  CHECK(max_pass{}(outthink::test::agreeing_two()).chosen == 1);
}

TEST_CASE("max_pass chooses the first of those that pass as many, whichever tests they are") {
  const auto made = max_pass{}(tested({"001", "110", "101", ""}));
  CHECK(made.chosen == 1);
  CHECK(made.confidence == doctest::Approx(2.0 / 3));
  CHECK(max_pass{}(tested({"00"})).confidence == 0);
  CHECK(max_pass{}({}).chosen == outcome::none);
}
