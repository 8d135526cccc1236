// SPDX-License-Identifier: MIT
#include "../support/drive.hpp"
#include <outthink/core/ready_queue.hpp>
#include <outthink/core/task.hpp>

#include <doctest/doctest.h>

#include <vector>

using outthink::ready_queue;
using outthink::task;

namespace {

task<> append(std::vector<int>& log, int value) {
  log.push_back(value);
  co_return;
}

}  // namespace

TEST_CASE("ready_queue resumes in the order of pushes") {
  std::vector<int> log;
  std::vector<task<>> tasks;
  ready_queue queue;
  CHECK(queue.empty());
  for (int i = 0; i < 5; ++i) {
    tasks.push_back(append(log, i));
    tasks.back().start(queue);
  }
  CHECK_FALSE(queue.empty());
  queue.run();
  CHECK(queue.empty());
  CHECK(log == std::vector<int>{0, 1, 2, 3, 4});
}

TEST_CASE("ready_queue runs what is pushed while it runs after what was there before") {
  std::vector<int> log;
  ready_queue queue;
  task<> late = append(log, 3);
  const auto starts_another = [&]() -> task<> {
    log.push_back(1);
    late.start(queue);
    co_return;
  };
  task<> first = starts_another();
  task<> second = append(log, 2);
  first.start(queue);
  second.start(queue);
  queue.run();
  CHECK(log == std::vector<int>{1, 2, 3});
}

TEST_CASE("ready_queue forgets on clear without resuming") {
  std::vector<int> log;
  ready_queue queue;
  task<> work = append(log, 1);
  work.start(queue);
  queue.clear();
  CHECK(queue.empty());
  queue.run();
  CHECK(log.empty());
  CHECK_FALSE(work.done());
}

TEST_CASE("ready_queue gives back control of a transfer chain after a bounded number of hops") {
  // transfer_to answers with the coroutine itself until the chain is 63 hops long, then queues it.
  ready_queue queue;
  std::vector<int> log;
  task<> work = append(log, 1);
  outthink::detail::promise_base promise;
  int direct = 0;
  while (queue.empty() && direct < 1'000) {
    static_cast<void>(queue.transfer_to(promise));
    if (queue.empty()) ++direct;
  }
  CHECK(direct < 1'000);
  CHECK(direct > 0);
  queue.clear();
}
