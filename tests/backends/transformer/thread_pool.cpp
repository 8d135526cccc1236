// SPDX-License-Identifier: MIT
#include <outthink/backends/transformer/thread_pool.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

using outthink::backends::thread_pool;

TEST_CASE("a thread_pool calls the job once per thread, every time") {
  for (const std::size_t threads : {1U, 2U, 5U}) {
    thread_pool pool(threads);
    CHECK(pool.threads() == threads);
    std::vector<int> calls(threads);
    for (int round = 1; round <= 500; ++round) {
      auto job = [&](std::size_t i) { ++calls[i]; };
      pool.run(job);
      REQUIRE(calls == std::vector<int>(threads, round));
    }
  }
}

TEST_CASE("a thread_pool runs jobs side by side and ends without one") {
  { const thread_pool unused(3); }
  thread_pool pool(3);
  std::atomic<int> arrived = 0;
  auto job = [&](std::size_t) {
    ++arrived;
    while (arrived < 3) std::this_thread::yield();  // ends only if all three are here at once
  };
  pool.run(job);
  CHECK(arrived == 3);
}
