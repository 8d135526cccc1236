// SPDX-License-Identifier: MIT
#include <outthink/backends/http/endpoint_pool.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <vector>

using outthink::backends::http::endpoint_pool;

namespace {

constexpr std::size_t none = endpoint_pool::none;

endpoint_pool pool_of(std::size_t count, std::size_t concurrency = 100, bool checks = false) {
  return {count, concurrency, {.failures = 2, .rest = 10}, checks};
}

/// Opens the breaker of one of two.
void open(endpoint_pool& pool, std::size_t which, double now) {
  for (int i = 0; i < 2; ++i) {
    REQUIRE(pool.choose(0, 1 - which, now) == which);
    pool.failed(which, now);
  }
}

}  // namespace

TEST_CASE("endpoint_pool: without affinity the least busy gets it, of equals the first") {
  endpoint_pool pool = pool_of(3);
  CHECK(pool.choose(0, none, 0) == 0);
  CHECK(pool.choose(0, none, 0) == 1);
  CHECK(pool.choose(0, none, 0) == 2);
  CHECK(pool.choose(0, none, 0) == 0);
  pool.succeeded(1);
  CHECK(pool.choose(0, none, 0) == 1);
  CHECK(pool.under_way(0) == 2);
}

TEST_CASE("endpoint_pool: each takes so many at a time, then none") {
  endpoint_pool pool = pool_of(2, 3);
  CHECK(pool.capacity() == 6);
  for (int i = 0; i < 6; ++i) CHECK(pool.choose(0, none, 0) != none);
  CHECK(pool.choose(0, none, 0) == none);
  CHECK(pool.choose(7, none, 0) == none);
  pool.withdrawn(1);
  CHECK(pool.choose(7, none, 0) == 1);
}

TEST_CASE("endpoint_pool: requests with the same affinity meet the same server, searches spread") {
  endpoint_pool pool = pool_of(4);
  std::array<int, 4> searches{};
  for (std::uint64_t search = 1; search <= 4000; ++search) {
    const std::size_t home = pool.choose(search, none, 0);
    pool.succeeded(home);
    ++searches[home];
    for (int i = 0; i < 5; ++i) {
      CHECK(pool.choose(search, none, 0) == home);
      pool.succeeded(home);
    }
  }
  // 1000 each; 5 standard deviations of the binomial are 137: 1 in 400,000 would fail.
  for (const int count : searches) CHECK(std::abs(count - 1000) < 137);
}

TEST_CASE("endpoint_pool: one search alone overloads no server by more than 5/4 of the mean") {
  endpoint_pool pool = pool_of(4, 1000);
  std::size_t sent = 0;
  for (; sent < 400; ++sent) CHECK(pool.choose(9, none, 0) != none);
  std::size_t most = 0;
  for (std::size_t i = 0; i < 4; ++i) most = std::max(most, pool.under_way(i));
  CHECK(most <= 1 + (sent + sent / 4) / 4);
  CHECK(most > 100);  // its own server has more than its share
}

TEST_CASE("endpoint_pool: a server that is open gets nothing, and its searches come back later") {
  endpoint_pool pool = pool_of(2);
  std::uint64_t search = 1;
  for (;; ++search) {  // one whose home is the first server
    const std::size_t at = pool.choose(search, none, 0);
    pool.succeeded(at);
    if (at == 0) break;
  }
  for (int i = 0; i < 2; ++i) {
    REQUIRE(pool.choose(search, none, 0) == 0);
    pool.failed(0, 0);
  }
  CHECK(!pool.breaker(0).closed());
  CHECK(pool.capacity() == 100);
  CHECK(pool.next_change(0) == 10);
  for (int i = 0; i < 20; ++i) CHECK(pool.choose(search, none, 5) == 1);
  CHECK(pool.choose(search, none, 10) == 0);  // the trial
  CHECK(pool.choose(search, none, 10) == 1);
  pool.succeeded(0);
  CHECK(pool.breaker(0).closed());
  CHECK(pool.choose(search, none, 11) == 0);
  CHECK(pool.next_change(11) == std::numeric_limits<double>::infinity());
}

TEST_CASE("endpoint_pool: what failed at a server goes to another, and back if there is none") {
  endpoint_pool pool = pool_of(2);
  CHECK(pool.choose(0, 0, 0) == 1);
  CHECK(pool.choose(0, 0, 0) == 1);
  CHECK(pool.choose(0, 1, 0) == 0);
  endpoint_pool alone = pool_of(1);
  CHECK(alone.choose(0, 0, 0) == 0);
}

TEST_CASE("endpoint_pool: if all are open, all get requests") {
  endpoint_pool pool = pool_of(2);
  open(pool, 0, 0);
  open(pool, 1, 0);
  CHECK(pool.capacity() == 200);
  CHECK(pool.choose(0, none, 1) != none);
  CHECK(pool.choose(0, none, 1) != none);
}

TEST_CASE("endpoint_pool: checks are asked for one at a time, of those that have rested") {
  endpoint_pool pool = pool_of(2, 100, true);
  CHECK(pool.next_check(0) == none);
  open(pool, 1, 0);
  CHECK(pool.next_check(9) == none);
  CHECK(pool.next_check(10) == 1);
  CHECK(pool.next_check(10) == none);
  pool.checked(1, true, 11);
  CHECK(pool.next_check(12) == none);
  CHECK(pool.choose(0, 0, 12) == 1);
}
