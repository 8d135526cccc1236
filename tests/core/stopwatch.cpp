// SPDX-License-Identifier: MIT
#include <outthink/core/stopwatch.hpp>

#include <doctest/doctest.h>

TEST_CASE("stopwatch never runs backwards") {
  const outthink::stopwatch watch;
  double last = 0;
  for (int i = 0; i < 1'000; ++i) {
    const double now = watch.seconds();
    REQUIRE(now >= last);
    last = now;
  }
}
