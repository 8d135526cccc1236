// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/task.hpp>

#include <coroutine>
#include <tuple>
#include <utility>
#include <vector>

namespace outthink {

namespace detail {

/// Starts every task of a group and waits until the last has ended.
template <class ForEach>
struct join_all {
  ForEach for_each;  ///< calls its argument once for every task of the group, in order
  int count;
  join_point ends{};

  [[nodiscard]] bool await_ready() const noexcept { return count == 0; }

  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> awaiting) noexcept {
    promise_base& parent = awaiting.promise();
    ends = {.pending = count, .waiter = &parent};
    for_each([&](auto& member) { member.start(*parent.queue, &ends); });
  }

  void await_resume() const noexcept {}
};

}  // namespace detail

/// @brief Runs tasks side by side and gives all their results, in the order of `tasks`.
///
/// Whatever the tasks wait for is merged into common batches.
/// Requires: none; an empty vector gives an empty vector.
/// Cost: one frame beside those of the tasks.
/// Errors: waits for all tasks, then rethrows the exception of the first, by position, that failed.
/// Determinism: tasks start in order; results do not depend on the order in which they end.
template <class T>
task<std::vector<T>> when_all(std::vector<task<T>> tasks) {
  auto each = [&tasks](auto start) {
    for (auto& member : tasks) start(member);
  };
  detail::join_all<decltype(each)> all{each, static_cast<int>(tasks.size())};
  co_await all;
  std::vector<T> results;
  results.reserve(tasks.size());
  for (auto& member : tasks) results.push_back(member.take());
  co_return results;
}

/// As above for tasks without a result.
inline task<> when_all(std::vector<task<>> tasks) {
  auto each = [&tasks](auto start) {
    for (auto& member : tasks) start(member);
  };
  detail::join_all<decltype(each)> all{each, static_cast<int>(tasks.size())};
  co_await all;
  for (auto& member : tasks) member.take();
}

/// As above for a fixed number of tasks with results of different types.
template <class First, class... Rest>
task<std::tuple<First, Rest...>> when_all(task<First> first, task<Rest>... rest) {
  auto each = [&](auto start) {
    start(first);
    (start(rest), ...);
  };
  detail::join_all<decltype(each)> all{each, 1 + static_cast<int>(sizeof...(Rest))};
  co_await all;
  co_return std::tuple<First, Rest...>{first.take(), rest.take()...};
}

}  // namespace outthink
