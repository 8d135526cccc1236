// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <iterator>
#include <mutex>
#include <span>
#include <thread>
#include <utility>
#include <vector>

/// Lets many threads ask a service that one thread at a time may use: what waits goes together.
template <class Service>
class batch_worker {
 public:
  using request = typename Service::request;
  using response = typename Service::response;

  explicit batch_worker(Service& service) : service_(&service), thread_([this] { run(); }) {}
  batch_worker(const batch_worker&) = delete;
  batch_worker& operator=(const batch_worker&) = delete;
  ~batch_worker() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    asked_.notify_one();
    thread_.join();
  }

  /// Waits for the answers to `requests`; throws what the service throws at them.
  std::vector<response> answer(std::vector<request> requests) {
    job mine{std::move(requests), {}, nullptr, false};
    std::unique_lock lock(mutex_);
    waiting_.push_back(&mine);
    asked_.notify_one();
    answered_.wait(lock, [&] { return mine.done; });
    if (mine.failure) std::rethrow_exception(mine.failure);
    return std::move(mine.answers);
  }

 private:
  struct job {
    std::vector<request> requests;
    std::vector<response> answers;
    std::exception_ptr failure;
    bool done;
  };

  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      asked_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
      if (ended_) return;
      const std::vector<job*> jobs = std::exchange(waiting_, {});
      lock.unlock();
      answer_together(jobs);
      lock.lock();
      for (job* one : jobs) one->done = true;
      answered_.notify_all();
    }
  }

  // Jobs whose batch throws are asked one by one, so that only the culprit fails.
  void answer_together(std::span<job* const> jobs) {
    try {
      std::vector<request> together;
      for (const job* one : jobs) {
        together.insert(together.end(), one->requests.begin(), one->requests.end());
      }
      std::vector<response> answers = service_->answer(together);
      auto next = answers.begin();
      for (job* one : jobs) {
        const auto end = next + static_cast<std::ptrdiff_t>(one->requests.size());
        one->answers.assign(std::make_move_iterator(next), std::make_move_iterator(end));
        next = end;
      }
    } catch (...) {
      if (jobs.size() == 1) {
        jobs[0]->failure = std::current_exception();
        return;
      }
      for (job* const& one : jobs) answer_together(std::span(&one, 1));
    }
  }

  Service* service_;
  std::mutex mutex_;
  std::condition_variable asked_, answered_;
  std::vector<job*> waiting_;
  bool ended_ = false;
  std::thread thread_;
};
