// SPDX-License-Identifier: MIT
#include <outthink/backends/simulator/virtual_clock.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

using outthink::backends::replica_pool;
using outthink::backends::serving_cost;
using outthink::backends::virtual_clock;

TEST_CASE("virtual_clock goes from end to end over all pools, and stands still without jobs") {
  const serving_cost cost{{.parameters = 1e9}, {}};
  virtual_clock clock;
  virtual_clock::timed_pool first{replica_pool({.cost = cost})};
  virtual_clock::timed_pool second{replica_pool({.cost = cost})};
  clock.attach(first);
  clock.attach(second);
  CHECK_FALSE(clock.advance());
  CHECK(clock.seconds() == 0);
  first.pool.submit({7, 0, 0, 30}, 0);
  second.pool.submit({8, 0, 0, 20}, 0);
  CHECK(clock.advance());
  CHECK(clock.seconds() == doctest::Approx(cost.steps_seconds(1, 0, 20)));
  CHECK(first.ended.empty());
  CHECK(second.ended == std::vector<std::uint64_t>{8});
  second.ended.clear();
  CHECK(clock.advance());
  CHECK(clock.seconds() == doctest::Approx(cost.steps_seconds(1, 0, 30)));
  CHECK(first.ended == std::vector<std::uint64_t>{7});
  first.ended.clear();
  CHECK_FALSE(clock.advance());
  second.pool.submit({9, 0, 0, 1}, clock.seconds());
  clock.detach(second);
  CHECK_FALSE(clock.advance());
}
