// SPDX-License-Identifier: MIT
#include <outthink/backends/http/circuit_breaker.hpp>

#include <doctest/doctest.h>

using outthink::backends::http::breaker_policy;
using outthink::backends::http::circuit_breaker;

namespace {

constexpr breaker_policy kPolicy{.failures = 3, .rest = 10};

circuit_breaker opened_at(double now, bool checks = false) {
  circuit_breaker breaker(kPolicy, checks);
  for (int i = 0; i < 3; ++i) breaker.failed(now);
  return breaker;
}

}  // namespace

TEST_CASE(
    "circuit_breaker: opens after so many failures in a row, a success starts the count anew") {
  circuit_breaker breaker(kPolicy, false);
  for (int round = 0; round < 3; ++round) {
    breaker.failed(1);
    breaker.failed(2);
    CHECK(breaker.closed());
    breaker.succeeded();
  }
  for (int i = 0; i < 3; ++i) {
    CHECK(breaker.admits(3));
    breaker.failed(3);
  }
  CHECK(!breaker.closed());
  CHECK(!breaker.admits(3));
  CHECK(breaker.rests_until() == 13);
}

TEST_CASE("circuit_breaker: after the rest, one request on trial decides") {
  circuit_breaker breaker = opened_at(0);
  CHECK(!breaker.admits(9.9));
  CHECK(breaker.admits(10));
  breaker.sent();
  CHECK(!breaker.admits(11));  // one is enough
  SUBCASE("it succeeds: closed") {
    breaker.succeeded();
    CHECK(breaker.closed());
    breaker.failed(12);
    CHECK(breaker.closed());  // the count is anew
  }
  SUBCASE("it fails: another rest") {
    breaker.failed(12);
    CHECK(!breaker.admits(21));
    CHECK(breaker.admits(22));
  }
  SUBCASE("it is given up: another trial at once") {
    breaker.withdrawn();
    CHECK(!breaker.closed());
    CHECK(breaker.admits(12));
  }
}

TEST_CASE("circuit_breaker: where there is a health check, the trial waits until it has passed") {
  circuit_breaker breaker = opened_at(0, true);
  CHECK(!breaker.wants_check(9));
  CHECK(breaker.wants_check(10));
  CHECK(!breaker.admits(10));
  breaker.sent();
  CHECK(!breaker.wants_check(11));
  breaker.checked(false, 11);
  CHECK(!breaker.wants_check(20));
  CHECK(breaker.wants_check(21));
  breaker.sent();
  breaker.checked(true, 22);
  CHECK(!breaker.wants_check(22));
  CHECK(breaker.admits(22));
  breaker.sent();
  CHECK(!breaker.admits(23));
  breaker.failed(23);  // healthy, but it does not answer
  CHECK(!breaker.admits(33));
  CHECK(breaker.wants_check(33));
}

TEST_CASE("circuit_breaker: a closed one asks for no check") {
  const circuit_breaker breaker(kPolicy, true);
  CHECK(!breaker.wants_check(100));
  CHECK(breaker.admits(100));
}
