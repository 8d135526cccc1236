// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/simulator/replica_pool.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace outthink::backends {

/// @brief The time that simulated services share, in seconds from 0.
///
/// How it works: it stands still while requests are sent, and goes on to the next end of a job, in
/// whatever pool, where somebody waits. What the search itself computes takes no time.
/// Requires: to outlive the services that refer to it. Cost: O(pools + replicas) an event.
/// Errors: none. Determinism: a function of the calls.
class virtual_clock {
 public:
  /// A pool of replicas, and the jobs that ended in it and were not collected yet.
  struct timed_pool {
    replica_pool pool;
    std::vector<std::uint64_t> ended{};
  };

  virtual_clock() = default;
  virtual_clock(const virtual_clock&) = delete;
  virtual_clock& operator=(const virtual_clock&) = delete;

  [[nodiscard]] double seconds() const noexcept { return now_; }

  void attach(timed_pool& one) { pools_.push_back(&one); }
  void detach(timed_pool& one) { std::erase(pools_, &one); }

  /// Goes on until some job ends; returns false, without going on, if none is under way.
  bool advance() {
    for (;;) {
      double next = std::numeric_limits<double>::infinity();
      for (const timed_pool* one : pools_) next = std::min(next, one->pool.next_event());
      if (next == std::numeric_limits<double>::infinity()) return false;
      now_ = std::max(now_, next);
      bool ended = false;
      for (timed_pool* one : pools_) {
        one->pool.advance(now_, one->ended);
        ended = ended || !one->ended.empty();
      }
      if (ended) return true;
    }
  }

 private:
  double now_ = 0;
  std::vector<timed_pool*> pools_;
};

}  // namespace outthink::backends
