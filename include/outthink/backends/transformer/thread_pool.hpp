// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

namespace outthink::backends {

/// @brief Runs one function on a fixed number of threads, the caller's included.
///
/// How it works: `run` wakes the helpers, takes part itself, and returns when all are done.
/// Requires: one `run` at a time; the function does not throw.
/// Cost: a few system calls per `run`; none with one thread. Helpers sleep between runs.
/// Errors: construction throws std::system_error where a thread cannot be started.
class thread_pool {
 public:
  explicit thread_pool(std::size_t threads) {
    helpers_.reserve(threads - 1);
    try {
      for (std::size_t i = 1; i < threads; ++i) helpers_.emplace_back([this, i] { serve(i); });
    } catch (...) {
      stop();
      throw;
    }
  }
  thread_pool(const thread_pool&) = delete;
  thread_pool& operator=(const thread_pool&) = delete;
  ~thread_pool() { stop(); }

  [[nodiscard]] std::size_t threads() const noexcept { return helpers_.size() + 1; }

  /// Calls `job(i)` once for each i below threads(), each on its own thread.
  template <class Job>
  void run(Job& job) {
    if (!helpers_.empty()) {
      const std::lock_guard lock(mutex_);
      call_ = [](void* context, std::size_t i) { (*static_cast<Job*>(context))(i); };
      context_ = &job;
      busy_ = helpers_.size();
      ++round_;
      wake_.notify_all();
    }
    job(std::size_t{0});
    if (helpers_.empty()) return;
    std::unique_lock lock(mutex_);
    done_.wait(lock, [this] { return busy_ == 0; });
  }

 private:
  void serve(std::size_t index) {
    std::unique_lock lock(mutex_);
    for (std::size_t served = 0;; served = round_) {
      wake_.wait(lock, [&] { return stopping_ || round_ != served; });
      if (stopping_) return;
      lock.unlock();
      call_(context_, index);
      lock.lock();
      if (--busy_ == 0) done_.notify_one();
    }
  }

  void stop() noexcept {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      wake_.notify_all();
    }
    for (std::thread& helper : helpers_) helper.join();
    helpers_.clear();
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  void (*call_)(void*, std::size_t) = nullptr;
  void* context_ = nullptr;
  std::size_t busy_ = 0;
  std::size_t round_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> helpers_;
};

}  // namespace outthink::backends
