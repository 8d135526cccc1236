// SPDX-License-Identifier: MIT
#include <outthink/backends/http/rate_limiter.hpp>
#include <outthink/core/random_stream.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

using outthink::random_stream;
using outthink::backends::http::rate_limiter;

TEST_CASE("rate_limiter: so many requests in any minute, the next when the first is a minute old") {
  rate_limiter limit(3);
  for (const double at : {100.0, 110.0, 120.0}) {
    CHECK(limit.ready(1, at) == at);
    (void)limit.take(1, at);
  }
  CHECK(limit.ready(1, 130) == 160);
  CHECK(limit.ready(1, 160) == 160);
  (void)limit.take(1, 160);
  CHECK(limit.ready(1, 161) == 170);
}

TEST_CASE("rate_limiter: so many tokens in any minute, as many as must be a minute old") {
  rate_limiter limit(rate_limiter::unlimited, 100);
  (void)limit.take(30, 0);
  (void)limit.take(30, 10);
  (void)limit.take(30, 20);
  CHECK(limit.ready(10, 30) == 30);
  CHECK(limit.ready(11, 30) == 60);
  CHECK(limit.ready(41, 30) == 70);
  CHECK(limit.ready(100, 30) == 80);
}

TEST_CASE("rate_limiter: a request that cost less than it might leaves room") {
  rate_limiter limit(rate_limiter::unlimited, 100);
  const std::uint64_t first = limit.take(90, 0);
  CHECK(limit.ready(50, 1) == 60);
  limit.settle(first, 40);
  CHECK(limit.ready(50, 1) == 1);
  limit.settle(first, 60);
  CHECK(limit.ready(50, 1) == 60);
  CHECK(limit.ready(50, 61) == 61);
  limit.settle(first, 99);  // longer ago than a minute: no matter
  CHECK(limit.ready(50, 61) == 61);
}

TEST_CASE("rate_limiter: a request above the limit goes alone") {
  rate_limiter limit(10, 100);
  CHECK(limit.ready(500, 0) == 0);
  (void)limit.take(500, 0);
  CHECK(limit.ready(1, 59) == 60);
  CHECK(limit.ready(1, 60) == 60);
}

TEST_CASE("rate_limiter: whatever is asked, no minute has more, and nothing waits without need") {
  random_stream random({3, 4});
  for (int round = 0; round < 20; ++round) {
    const std::uint64_t requests = 1 + random.below(8), tokens = 20 + random.below(80);
    rate_limiter limit(requests, tokens);
    std::vector<std::pair<double, std::uint64_t>> sent;
    double now = 0;
    const auto fits = [&](std::uint64_t more, double at) {
      std::uint64_t count = 1, sum = more;
      for (const auto& [when, cost] : sent) {
        if (when + 60 <= at) continue;
        ++count;
        sum += cost;
      }
      return count <= requests && sum <= tokens;
    };
    for (int i = 0; i < 200; ++i) {
      now += 20 * random.uniform();
      const std::uint64_t wanted = 1 + random.below(20);
      const double at = limit.ready(wanted, now);
      CHECK(fits(wanted, at));
      if (at > now) CHECK(!fits(wanted, at - 1e-6));
      now = at;
      (void)limit.take(wanted, now);
      sent.emplace_back(now, wanted);
    }
  }
}
