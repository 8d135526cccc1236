// SPDX-License-Identifier: MIT
#pragma once

#include <coroutine>

namespace outthink {

class ready_queue;

namespace detail {

struct promise_base;

/// What waits for some tasks to end: `waiter` goes on when `pending` of them have.
struct join_point {
  int pending = 0;
  promise_base* waiter = nullptr;
};

/// The part of every task's promise that does not depend on its result.
struct promise_base {
  std::coroutine_handle<> handle;  ///< the coroutine of this promise
  ready_queue* queue = nullptr;    ///< where it is resumed; inherited from whoever awaits it
  join_point* ends = nullptr;      ///< what its end is counted towards
  join_point single;               ///< the join point of the one task it awaits
  promise_base* next = nullptr;    ///< link in the ready queue
};

}  // namespace detail

/// @brief First-in first-out queue of coroutines that can go on; every search has its own.
///
/// A task that starts or ends another hands control over directly (symmetric transfer) up to
/// `kMaxDepth` times in a row and goes through the queue after that: a compiler that does not turn
/// the transfer into a tail call (g++ without optimisation) then needs a bounded stack, however
/// deep or long the chain. Pushing never allocates.
///
/// Determinism: the order of resumption depends on the order of pushes alone.
class ready_queue {
 public:
  ready_queue() = default;
  ready_queue(const ready_queue&) = delete;
  ready_queue& operator=(const ready_queue&) = delete;

  [[nodiscard]] bool empty() const noexcept { return head_ == nullptr; }

  void push(detail::promise_base& promise) noexcept {
    promise.next = nullptr;
    (head_ == nullptr ? head_ : tail_->next) = &promise;
    tail_ = &promise;
  }

  /// Resumes coroutines until none is ready.
  void run() {
    while (head_ != nullptr) {
      detail::promise_base* promise = head_;
      head_ = promise->next;
      depth_ = 0;
      promise->handle.resume();
    }
  }

  /// Forgets every coroutine in the queue without resuming it.
  void clear() noexcept { head_ = tail_ = nullptr; }

  /// The coroutine to transfer to so that `promise` goes on, now or from the queue.
  [[nodiscard]] std::coroutine_handle<> transfer_to(detail::promise_base& promise) noexcept {
    if (++depth_ < kMaxDepth) return promise.handle;
    push(promise);
    return std::noop_coroutine();
  }

 private:
  static constexpr int kMaxDepth = 64;

  detail::promise_base* head_ = nullptr;
  detail::promise_base* tail_ = nullptr;
  int depth_ = 0;
};

}  // namespace outthink
