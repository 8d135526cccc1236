// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/runtime/distribution.hpp>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace outthink::test {

/// Ranks that are threads of one process, each with a mailbox.
class mailboxes {
 public:
  explicit mailboxes(int ranks) : boxes_(static_cast<std::size_t>(ranks)) {}

  [[nodiscard]] int size() const { return static_cast<int>(boxes_.size()); }

  void put(int to, rank_message message) {
    const std::lock_guard lock(mutex_);
    boxes_[static_cast<std::size_t>(to)].push_back(std::move(message));
    arrived_.notify_all();
  }

  rank_message take(int rank) {
    auto& box = boxes_[static_cast<std::size_t>(rank)];
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return !box.empty(); });
    rank_message message = std::move(box.front());
    box.pop_front();
    return message;
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<std::deque<rank_message>> boxes_;
};

/// One of them.
struct thread_rank {
  mailboxes* all;
  int self;

  [[nodiscard]] int rank() const { return self; }
  [[nodiscard]] int size() const { return all->size(); }
  void send(int to, message_kind kind, std::string_view bytes) {
    all->put(to, {self, kind, std::string(bytes)});
  }
  rank_message receive() { return all->take(self); }
};

/// Calls `run(thread_rank&)` for every rank at the same time; what rank 0's call returns.
template <class Run>
auto run_on_threads(int count, Run run) {
  mailboxes all(count);
  std::vector<std::thread> others;
  for (int i = 1; i < count; ++i) {
    others.emplace_back([&all, &run, i] {
      thread_rank self{&all, i};
      static_cast<void>(run(self));
    });
  }
  thread_rank self{&all, 0};
  auto result = run(self);
  for (std::thread& other : others) other.join();
  return result;
}

}  // namespace outthink::test
