// SPDX-License-Identifier: MIT
#include <outthink/core/usage.hpp>

#include <doctest/doctest.h>

using outthink::cost;
using outthink::usage;

TEST_CASE("usage adds up in every field") {
  usage sum{1, 2, 3, 4, 5, 6, 7.5, 8.25};
  sum += usage{10, 20, 30, 40, 50, 60, 70.0, 80.0};
  CHECK(sum == usage{11, 22, 33, 44, 55, 66, 77.5, 88.25});
}

TEST_CASE("usage and cost begin at nothing") {
  CHECK(usage{} == usage{0, 0, 0, 0, 0, 0, 0, 0});
  CHECK(cost{} == cost{0, 0, 0, 0});
}

TEST_CASE("usage adds more tokens than 32 bits hold") {
  usage sum;
  for (int i = 0; i < 4; ++i) sum += usage{.tokens = 0x80000000};
  CHECK(sum.tokens == 0x200000000);
}

TEST_CASE("cost adds up in every field") {
  cost sum{1, 2, 3.5, 4.25};
  sum += cost{10, 20, 30.0, 40.0};
  CHECK(sum == cost{11, 22, 33.5, 44.25});
}
