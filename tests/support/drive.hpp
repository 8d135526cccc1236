// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/ready_queue.hpp>
#include <outthink/core/task.hpp>

#include <coroutine>
#include <stdexcept>
#include <utility>

namespace outthink::test {

/// Runs a task that waits for nothing from outside and returns its result or throws its exception.
template <class T>
T run_to_end(task<T> work) {
  ready_queue queue;
  work.start(queue);
  queue.run();
  if (!work.done()) throw std::logic_error("the task still waits");
  return work.take();
}

/// Something to wait for: a task that awaits it goes on after `open`.
class gate {
 public:
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> awaiting) noexcept {
    waiting_ = &awaiting.promise();
  }
  void await_resume() const noexcept {}

  [[nodiscard]] bool awaited() const noexcept { return waiting_ != nullptr; }
  void open(ready_queue& queue) { queue.push(*std::exchange(waiting_, nullptr)); }

 private:
  detail::promise_base* waiting_ = nullptr;
};

/// Counts the objects that are alive.
struct counted {
  static inline int alive = 0;
  counted() noexcept { ++alive; }
  counted(const counted&) noexcept { ++alive; }
  counted(counted&&) noexcept { ++alive; }
  counted& operator=(const counted&) noexcept = default;
  counted& operator=(counted&&) noexcept = default;
  ~counted() { --alive; }
};

}  // namespace outthink::test
