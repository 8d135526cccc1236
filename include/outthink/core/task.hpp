// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/frame_pool.hpp>
#include <outthink/core/ready_queue.hpp>

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <utility>

namespace outthink {

template <class T>
class task;

namespace detail {

struct final_awaiter {
  [[nodiscard]] bool await_ready() const noexcept { return false; }

  template <class Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) const noexcept {
    promise_base& promise = ended.promise();
    if (promise.ends == nullptr || --promise.ends->pending > 0) return std::noop_coroutine();
    return promise.queue->transfer_to(*promise.ends->waiter);
  }

  void await_resume() const noexcept {}
};

template <class T>
struct task_result : promise_base {
  std::optional<T> value;
  std::exception_ptr failure;

  template <class U = T>
  requires std::convertible_to<U&&, T>
  void return_value(U&& result) { value.emplace(std::forward<U>(result)); }

  T take() {
    if (failure) std::rethrow_exception(failure);
    return std::move(*value);
  }
};

template <>
struct task_result<void> : promise_base {
  std::exception_ptr failure;

  void return_void() const noexcept {}

  void take() const {
    if (failure) std::rethrow_exception(failure);
  }
};

template <class T>
struct task_promise : task_result<T> {
  task_promise() noexcept {
    this->handle = std::coroutine_handle<task_promise>::from_promise(*this);
  }

  task<T> get_return_object() noexcept;
  [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
  [[nodiscard]] final_awaiter final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept { this->failure = std::current_exception(); }

  static void* operator new(std::size_t size) { return frame_pool::allocate(size); }
  static void operator delete(void* memory, std::size_t size) noexcept {
    frame_pool::release(memory, size);
  }
};

}  // namespace detail

/// @brief A computation that may pause while it waits for a service; the return type of policies.
///
/// A task starts when it is awaited, runs on the thread that drives its search, and gives its
/// result or rethrows its exception to whoever awaits it. It is move-only and owns its coroutine:
/// a task that is destroyed while it waits is cancelled together with all that it awaits.
///
/// Requires: awaited at most once, from another task. With g++ 12, bind what has non-trivial
/// members to a local before it takes part in a `co_await` expression (aggregates in braces,
/// lambdas with captures): that compiler destroys such temporaries twice. Cost: one pooled frame of
/// about the size of the coroutine's locals; 10 to 50 ns an await. Determinism: tasks of one search
/// run one at a time, in an order that depends only on the order in which they were started and on
/// what they awaited.
template <class T = void>
class [[nodiscard]] task {
 public:
  using promise_type = detail::task_promise<T>;
  using value_type = T;

  task(const task&) = delete;
  task& operator=(const task&) = delete;
  task(task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, nullptr)) {}
  task& operator=(task&& other) noexcept {
    if (this != &other) {
      if (coroutine_) coroutine_.destroy();
      coroutine_ = std::exchange(other.coroutine_, nullptr);
    }
    return *this;
  }
  ~task() {
    if (coroutine_) coroutine_.destroy();
  }

  /// True once the computation has ended, with a result or an exception.
  [[nodiscard]] bool done() const noexcept { return coroutine_.done(); }

  /// Puts the task into `queue`; what drives a search calls this on its outermost task.
  void start(ready_queue& queue, detail::join_point* ends = nullptr) noexcept {
    coroutine_.promise().queue = &queue;
    coroutine_.promise().ends = ends;
    queue.push(coroutine_.promise());
  }

  /// The result of a task that is done, or its exception.
  T take() { return coroutine_.promise().take(); }

  [[nodiscard]] bool await_ready() const noexcept { return false; }

  template <class Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> awaiting) noexcept {
    detail::promise_base& parent = awaiting.promise();
    detail::promise_base& child = coroutine_.promise();
    parent.single = {.pending = 1, .waiter = &parent};
    child.queue = parent.queue;
    child.ends = &parent.single;
    return parent.queue->transfer_to(child);
  }

  T await_resume() { return take(); }

 private:
  friend promise_type;
  explicit task(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}

  std::coroutine_handle<promise_type> coroutine_;
};

template <class T>
task<T> detail::task_promise<T>::get_return_object() noexcept {
  return task<T>(std::coroutine_handle<task_promise>::from_promise(*this));
}

}  // namespace outthink
