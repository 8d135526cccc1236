// SPDX-License-Identifier: MIT
#include "../support/drive.hpp"
#include <outthink/core/when_all.hpp>

#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

using outthink::ready_queue;
using outthink::task;
using outthink::when_all;
using outthink::test::counted;
using outthink::test::gate;
using outthink::test::run_to_end;

namespace {

task<int> after(gate& until, int value, std::vector<int>& ended) {
  const counted local;
  co_await until;
  ended.push_back(value);
  co_return value;
}

task<int> fails_after(gate& until, std::string why) {
  co_await until;
  throw std::runtime_error(why);
  co_return 0;
}

task<std::unique_ptr<int>> owner(int value) {
  co_return std::make_unique<int>(value);
}
task<std::string> word(std::string value) {
  co_return value;
}
task<int> number(int value) {
  co_return value;
}
task<> add(int& sum, int value) {
  sum += value;
  co_return;
}

}  // namespace

TEST_CASE("when_all gives results in the order of the tasks, in whatever order they end") {
  std::array<gate, 3> gates;
  std::vector<int> ended;
  std::vector<task<int>> tasks;
  for (int i = 0; i < 3; ++i) {
    tasks.push_back(after(gates[static_cast<std::size_t>(i)], i, ended));
  }
  task<std::vector<int>> all = when_all(std::move(tasks));
  ready_queue queue;
  all.start(queue);
  queue.run();
  for (const std::size_t i : {2U, 0U, 1U}) {
    CHECK_FALSE(all.done());
    gates[i].open(queue);
    queue.run();
  }
  REQUIRE(all.done());
  CHECK(ended == std::vector<int>{2, 0, 1});
  CHECK(all.take() == std::vector<int>{0, 1, 2});
}

TEST_CASE("when_all of no task gives no result at once") {
  CHECK(run_to_end(when_all(std::vector<task<int>>{})).empty());
  const auto nothing = []() -> task<bool> {
    std::vector<task<>> none;
    co_await when_all(std::move(none));
    co_return true;
  };
  CHECK(run_to_end(nothing()));
}

TEST_CASE("when_all of one task gives its one result") {
  std::vector<task<int>> one;
  one.push_back(number(5));
  CHECK(run_to_end(when_all(std::move(one))) == std::vector<int>{5});
}

TEST_CASE("when_all runs 100,000 tasks that complete at once") {
  std::vector<task<int>> tasks;
  for (int i = 0; i < 100'000; ++i) tasks.push_back(number(i));
  const std::vector<int> results = run_to_end(when_all(std::move(tasks)));
  REQUIRE(results.size() == 100'000);
  CHECK(results.front() == 0);
  CHECK(results.back() == 99'999);
}

TEST_CASE("when_all hands over results that can only be moved") {
  std::vector<task<std::unique_ptr<int>>> tasks;
  tasks.push_back(owner(1));
  tasks.push_back(owner(2));
  const auto results = run_to_end(when_all(std::move(tasks)));
  REQUIRE(results.size() == 2);
  CHECK(*results[0] == 1);
  CHECK(*results[1] == 2);
}

TEST_CASE("when_all takes tasks without results") {
  int sum = 0;
  std::vector<task<>> tasks;
  for (int i = 1; i <= 4; ++i) tasks.push_back(add(sum, i));
  run_to_end(when_all(std::move(tasks)));
  CHECK(sum == 10);
}

TEST_CASE("when_all takes a fixed number of tasks with different results") {
  const auto body = []() -> task<std::string> {
    const std::tuple<int, std::string, std::unique_ptr<int>> all =
        co_await when_all(number(4), word("four"), owner(44));
    co_return std::get<1>(all) + std::to_string(std::get<0>(all)) +
        std::to_string(*std::get<2>(all));
  };
  CHECK(run_to_end(body()) == "four444");
}

TEST_CASE("when_all waits for all tasks and rethrows the first failure by position") {
  std::array<gate, 3> gates;
  std::vector<int> ended;
  ready_queue queue;
  SUBCASE("of a vector") {
    std::vector<task<int>> tasks;
    tasks.push_back(after(gates[0], 0, ended));
    tasks.push_back(fails_after(gates[1], "second"));
    tasks.push_back(fails_after(gates[2], "third"));
    task<std::vector<int>> all = when_all(std::move(tasks));
    all.start(queue);
    queue.run();
    for (const std::size_t i : {2U, 1U, 0U}) {
      CHECK_FALSE(all.done());
      gates[i].open(queue);
      queue.run();
    }
    REQUIRE(all.done());
    CHECK(ended == std::vector<int>{0});
    CHECK_THROWS_WITH_AS(all.take(), "second", std::runtime_error);
  }
  SUBCASE("of a fixed number") {
    task<std::tuple<int, int>> all =
        when_all(fails_after(gates[0], "first"), fails_after(gates[1], "second"));
    all.start(queue);
    queue.run();
    gates[1].open(queue);
    queue.run();
    CHECK_FALSE(all.done());
    gates[0].open(queue);
    queue.run();
    REQUIRE(all.done());
    CHECK_THROWS_WITH_AS(all.take(), "first", std::runtime_error);
  }
  CHECK(counted::alive == 0);
}

TEST_CASE("when_all that is destroyed while it waits frees its tasks") {
  std::array<gate, 4> gates;
  std::vector<int> ended;
  ready_queue queue;
  {
    std::vector<task<int>> tasks;
    for (gate& until : gates) tasks.push_back(after(until, 1, ended));
    task<std::vector<int>> all = when_all(std::move(tasks));
    all.start(queue);
    queue.run();
    gates[1].open(queue);
    queue.run();
    CHECK(counted::alive == 3);
  }
  CHECK(counted::alive == 0);
  CHECK(ended == std::vector<int>{1});
}

TEST_CASE("when_all nests") {
  const auto pair = [](int base) -> task<int> {
    std::vector<task<int>> two;
    two.push_back(number(base));
    two.push_back(number(base + 1));
    const std::vector<int> both = co_await when_all(std::move(two));
    co_return both[0] * 100 + both[1];
  };
  std::vector<task<int>> outer;
  outer.push_back(pair(1));
  outer.push_back(pair(5));
  CHECK(run_to_end(when_all(std::move(outer))) == std::vector<int>{102, 506});
}
