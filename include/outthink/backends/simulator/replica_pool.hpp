// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/simulator/serving_cost.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/random_stream.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <vector>

namespace outthink::backends {

/// Replicas of one model behind one queue.
struct cluster_options {
  serving_cost cost{};
  std::uint32_t replicas = 1;     ///< machines, at least 1
  std::uint32_t max_batch = 256;  ///< sequences that a replica writes side by side, at least 1
  double mean_uptime = std::numeric_limits<double>::infinity();  ///< seconds between its failures
  double restart = 60;     ///< seconds until a replica that failed is back
  std::uint64_t seed = 0;  ///< of the failures
};

/// A request as a cluster sees it.
struct serving_job {
  std::uint64_t tag = 0;
  double context = 0;  ///< tokens before what is written
  double prefill = 0;  ///< of those, tokens that must be read first: not in a prefix cache
  double write = 0;    ///< tokens that it will write
};

/// What a cluster did so far.
struct cluster_report {
  std::uint64_t jobs = 0;
  std::uint64_t failures = 0;  ///< of replicas at work
  double busy_seconds = 0;     ///< of all replicas together
  double queued_seconds = 0;   ///< of all jobs together, before they began
  double tokens_written = 0;
  double tokens_lost = 0;  ///< written for nothing, as the replica failed
  std::size_t largest_batch = 0;
  double largest_kv_bytes = 0;  ///< of one replica
};

/// @brief Serves jobs in virtual time: continuous batching over replicas.
///
/// How it works: a job goes to the replica with the fewest sequences that has room for its keys and
/// values to the end, or waits in one queue, first come, first served. A replica reads what it
/// takes in, while its other sequences stand still, then writes a token for each at every step. The
/// steps between two events are one sum, so that the cost does not grow with the tokens. A replica
/// that fails loses what it was writing; its jobs go back to the head of the queue.
/// Requires: times that do not fall, from call to call. Cost: O(replicas + batch) an event.
/// Errors: `errc::invalid_argument` for options out of range. Determinism: a function of the
/// options and the calls. Numerics: a job larger than the memory runs alone.
class replica_pool {
 public:
  explicit replica_pool(const cluster_options& options) : options_(options) {
    require(options.replicas >= 1 && options.max_batch >= 1,
            "replica_pool: give at least one replica and a batch of at least 1");
    require(options.mean_uptime > 0 && options.restart >= 0,
            "replica_pool: the uptime must be positive and the restart not negative");
    for (std::uint32_t i = 0; i < options.replicas; ++i) {
      replicas_.push_back(replica{random_stream({.key = options.seed, .place = i})});
      replicas_.back().fails_at = uptime(replicas_.back());
    }
  }

  /// Takes a job at time `now`.
  void submit(const serving_job& job, double now) {
    ++report_.jobs;
    queue_.push_back({job, now});
    admit(now);
  }

  /// When something happens next; infinity if nothing is under way.
  [[nodiscard]] double next_event() const noexcept {
    double next = std::numeric_limits<double>::infinity();
    for (const replica& one : replicas_) next = std::min(next, event_of(one));
    return next;
  }

  /// Goes on to time `now`, at most to the next event; appends the tags of jobs that ended.
  void advance(double now, std::vector<std::uint64_t>& done) {
    for (replica& one : replicas_) {
      while (event_of(one) <= now) {
        if (one.running.empty()) {
          one.down_until = 0;  // back again
        } else if (one.fails_at < one.plan_end) {
          fail(one);
        } else {
          run_to(one, one.plan_steps, &done);
        }
        admit(now);
      }
    }
  }

  /// Forgets every job.
  void clear() {
    queue_.clear();
    for (replica& one : replicas_) {
      one.running.clear();
      one.kv_tokens = one.context = one.clock = 0;
    }
  }

  [[nodiscard]] const cluster_report& report() const noexcept { return report_; }

 private:
  struct waiting {
    serving_job job;
    double since;
  };
  struct sequence {
    serving_job job;
    double left;  // tokens to write
  };
  struct replica {
    random_stream random;
    double fails_at = 0;
    double down_until = 0;  // 0: it is up
    double clock = 0;       // when its present state began, at the end of a step
    double plan_end = 0;    // when the next sequence ends
    double plan_steps = 0;  // steps until then
    double kv_tokens = 0;   // that its sequences will need at their ends
    double context = 0;     // of all sequences together, now
    std::vector<sequence> running{};
  };

  [[nodiscard]] double uptime(replica& one) const {
    if (std::isinf(options_.mean_uptime)) return options_.mean_uptime;
    return -options_.mean_uptime * std::log1p(-one.random.uniform());
  }

  [[nodiscard]] double event_of(const replica& one) const noexcept {
    if (!one.running.empty()) return std::min(one.plan_end, one.fails_at);
    const bool wanted = one.down_until > 0 && !queue_.empty();
    return wanted ? one.down_until : std::numeric_limits<double>::infinity();
  }

  /// Failures of a replica that had nothing to do: whether it is up at `now`.
  [[nodiscard]] bool is_up(replica& one, double now) {
    while (one.running.empty() && one.fails_at <= now) {
      one.down_until = one.fails_at + options_.restart;
      one.fails_at = one.down_until + uptime(one);
    }
    if (one.down_until <= now) one.down_until = 0;
    return one.down_until == 0;
  }

  [[nodiscard]] bool has_room(const replica& one, const serving_job& job) const noexcept {
    if (one.running.empty()) return true;
    const double bytes = options_.cost.kv_bytes_per_token();
    return one.running.size() < options_.max_batch &&
           bytes * (one.kv_tokens + job.context + job.write) <= options_.cost.machine.kv_bytes;
  }

  void admit(double now) {
    while (!queue_.empty()) {
      replica* best = nullptr;
      for (replica& one : replicas_) {
        if (!is_up(one, now) || !has_room(one, queue_.front().job)) continue;
        if (best == nullptr || one.running.size() < best->running.size()) best = &one;
      }
      // Within its last step before an end a replica takes nothing in: it will when that is over.
      if (best == nullptr) return;
      if (!best->running.empty() && steps_until(*best, now) == best->plan_steps) return;
      const waiting next = queue_.front();
      queue_.pop_front();
      begin(*best, next, now);
    }
  }

  /// Takes a job in at the end of the step under way.
  void begin(replica& one, const waiting& next, double now) {
    if (one.running.empty()) {
      one.clock = std::max(one.clock, now);
    } else {
      run_to(one, steps_until(one, now), nullptr);
    }
    report_.queued_seconds += one.clock - next.since;
    const serving_job& job = next.job;
    const double read =
        options_.cost.prefill_seconds(job.prefill, std::max(0.0, job.context - job.prefill));
    one.clock += read;
    report_.busy_seconds += read;
    one.running.push_back({job, job.write});
    one.kv_tokens += job.context + job.write;
    one.context += job.context;
    report_.largest_batch = std::max(report_.largest_batch, one.running.size());
    report_.largest_kv_bytes =
        std::max(report_.largest_kv_bytes, one.kv_tokens * options_.cost.kv_bytes_per_token());
    plan(one);
  }

  [[nodiscard]] double seconds_of(const replica& one, double steps) const noexcept {
    const auto batch = static_cast<double>(one.running.size());
    return options_.cost.steps_seconds(batch, one.context, steps);
  }

  /// The fewest steps after which it is `now` or later, at most those planned.
  [[nodiscard]] double steps_until(const replica& one, double now) const noexcept {
    double low = -1, high = one.plan_steps;
    while (high - low > 1) {
      const double middle = std::floor((low + high) / 2);
      (one.clock + seconds_of(one, middle) >= now ? high : low) = middle;
    }
    return high;
  }

  /// Writes so many tokens of each sequence; those that end are taken out if `done` is given.
  void run_to(replica& one, double steps, std::vector<std::uint64_t>* done) {
    const double seconds = seconds_of(one, steps);
    one.clock += seconds;
    report_.busy_seconds += seconds;
    one.context += steps * static_cast<double>(one.running.size());
    for (sequence& each : one.running) each.left -= steps;
    if (done == nullptr) return;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < one.running.size(); ++i) {
      const sequence& each = one.running[i];
      if (each.left > 0) {
        one.running[kept++] = each;
        continue;
      }
      done->push_back(each.job.tag);
      report_.tokens_written += each.job.write;
      one.kv_tokens -= each.job.context + each.job.write;
      one.context -= each.job.context + each.job.write;
    }
    one.running.resize(kept);
    plan(one);
  }

  void plan(replica& one) const {
    one.plan_steps = one.running.empty() ? 0 : one.running.front().left;
    for (const sequence& each : one.running) one.plan_steps = std::min(one.plan_steps, each.left);
    one.plan_end = one.clock + seconds_of(one, one.plan_steps);
  }

  void fail(replica& one) {
    ++report_.failures;
    run_to(one, std::max(0.0, steps_until(one, one.fails_at) - 1), nullptr);
    for (std::size_t i = one.running.size(); i-- > 0;) {
      const sequence& each = one.running[i];
      report_.tokens_lost += each.job.write - each.left;
      queue_.push_front({each.job, one.fails_at});
    }
    one.running.clear();
    one.kv_tokens = one.context = 0;
    one.down_until = one.fails_at + options_.restart;
    one.clock = one.down_until;
    one.fails_at = one.down_until + uptime(one);
  }

  cluster_options options_;
  std::vector<replica> replicas_;
  std::deque<waiting> queue_;
  cluster_report report_;
};

}  // namespace outthink::backends
