// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/simulator/kv_memory.hpp>
#include <outthink/backends/simulator/serving_cost.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/random_stream.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <limits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace outthink::backends {

/// Replicas of one model.
struct cluster_options {
  serving_cost cost{};
  std::uint32_t replicas = 1;     ///< machines, at least 1
  std::uint32_t max_batch = 256;  ///< sequences that a replica writes side by side, at least 1
  bool prefix_cache = false;      ///< replicas keep what they read and wrote for later requests
  bool affinity = false;          ///< a job waits for the replica that promises to end it first
  double mean_uptime = std::numeric_limits<double>::infinity();  ///< seconds between its failures
  double restart = 60;     ///< seconds until a replica that failed is back
  std::uint64_t seed = 0;  ///< of the failures
};

/// A request as a cluster sees it.
struct serving_job {
  std::uint64_t tag = 0;
  double context = 0;  ///< tokens before what is written
  double prefill = 0;  ///< of those, tokens that must be read first where `path` is empty
  double write = 0;    ///< tokens that it will write
  std::vector<prefix_piece> path{};  ///< the context in pieces that a prefix cache may hold
  std::uint64_t written = 0;         ///< names what it will write as a piece; 0: nothing follows it
};

/// What a cluster did so far.
struct cluster_report {
  std::uint64_t jobs = 0;
  std::uint64_t failures = 0;  ///< of replicas at work
  double busy_seconds = 0;     ///< of all replicas together
  double queued_seconds = 0;   ///< of all jobs together, before they began
  double tokens_read = 0;      ///< of contexts, those that no cache held
  double tokens_written = 0;
  double tokens_lost = 0;  ///< written for nothing, as the replica failed
  std::size_t largest_batch = 0;
  double largest_kv_bytes = 0;  ///< of one replica
};

/// @brief Serves jobs in virtual time: continuous batching over replicas.
///
/// How it works: a job goes to the replica with the fewest sequences that has room for its keys and
/// values to the end, or waits in one queue, first come, first served. What a replica takes in
/// between two steps it reads in one pass, while its other sequences stand still; then it writes a
/// token of each at every step. The steps between two events are one sum, so that the cost does not
/// grow with the tokens. A replica that fails loses what it was writing and what it kept; its jobs
/// start again elsewhere.
/// With a prefix cache a replica reads only what follows the longest beginning that it holds, and
/// sequences share the memory of a common one (see `kv_memory`). With affinity every replica has a
/// queue of its own: a job compares the one that holds the latest piece of its path with the least
/// loaded one, by what it must read there and how fast that one writes at its load.
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
    const double piece = options.cost.kv_bytes_per_token();
    const double tokens =
        piece > 0 ? options.cost.machine.kv_bytes / piece : std::numeric_limits<double>::infinity();
    for (std::uint32_t i = 0; i < options.replicas; ++i) {
      replicas_.push_back(
          replica{random_stream({.key = options.seed, .place = i}), kv_memory(tokens)});
      replicas_.back().fails_at = uptime(replicas_.back());
    }
  }

  /// Takes a job at time `now`.
  void submit(serving_job job, double now) {
    ++report_.jobs;
    if (!options_.prefix_cache) {
      job.path.clear();
      job.written = 0;
    }
    enqueue({std::move(job), now}, now);
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
          run_to(one, one.plan_steps);
          end_sequences(one, done);
        }
        admit(now);
      }
    }
  }

  /// Forgets every job.
  void clear() {
    queue_.clear();
    homes_.clear();
    for (replica& one : replicas_) {
      one.queue.clear();
      one.running.clear();
      one.memory.clear();
      one.context = one.clock = 0;
      one.pass_at = -1;
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
    double last;  // the replica's step that writes its last token
  };
  struct replica {
    random_stream random;
    kv_memory memory;
    double fails_at = 0;
    double down_until = 0;  // 0: it is up
    double clock = 0;       // when its present state began, at the end of a step
    double steps = 0;       // so far
    double read_at = -1;    // the step before which it reads now
    double pass_at = -1;    // when it began to
    double plan_steps = 0;  // steps until the next sequence ends
    double plan_end = 0;    // when that is
    double context = 0;     // of all sequences together, now
    std::vector<sequence> running{};
    std::deque<waiting> queue{};  // jobs that wait for this one

    [[nodiscard]] double load() const noexcept {
      return static_cast<double>(running.size() + queue.size());
    }
  };

  [[nodiscard]] double uptime(replica& one) const {
    if (std::isinf(options_.mean_uptime)) return options_.mean_uptime;
    return -options_.mean_uptime * std::log1p(-one.random.uniform());
  }

  [[nodiscard]] double event_of(const replica& one) const noexcept {
    if (!one.running.empty()) return std::min(one.plan_end, one.fails_at);
    const bool wanted = one.down_until > 0 && !(queue_.empty() && one.queue.empty());
    return wanted ? one.down_until : std::numeric_limits<double>::infinity();
  }

  /// Failures of a replica that had nothing to do: whether it is up at `now`.
  [[nodiscard]] bool is_up(replica& one, double now) {
    while (one.running.empty() && one.fails_at <= now) {
      one.down_until = one.fails_at + options_.restart;
      one.fails_at = one.down_until + uptime(one);
      one.memory.clear();
    }
    if (one.down_until <= now) one.down_until = 0;
    return one.down_until == 0;
  }

  /// What a job adds to the memory beside its path.
  [[nodiscard]] static double own_tokens(const serving_job& job) noexcept {
    return job.path.empty() ? job.context + job.write : job.write;
  }

  [[nodiscard]] bool has_room(const replica& one, const serving_job& job) const {
    if (one.running.empty()) return true;
    return one.running.size() < options_.max_batch &&
           one.memory.has_room(job.path, own_tokens(job));
  }

  void enqueue(waiting next, double now) {
    if (!options_.affinity) {
      queue_.push_back(std::move(next));
      return;
    }
    const std::size_t home = home_of(next.job, now);
    for (const prefix_piece& piece : next.job.path) homes_[piece.key] = home;
    if (next.job.written != 0) homes_[next.job.written] = home;
    replicas_[home].queue.push_back(std::move(next));
  }

  /// The least loaded replica, or the one that had the latest piece of the path if that is better.
  [[nodiscard]] std::size_t home_of(const serving_job& job, double now) {
    std::size_t best = 0;
    for (std::size_t i = 0; i < replicas_.size(); ++i) {
      (void)is_up(replicas_[i], now);
      // Up before down, then the one that is back first.
      if (std::pair(replicas_[i].down_until, replicas_[i].load()) <
          std::pair(replicas_[best].down_until, replicas_[best].load()))
        best = i;
    }
    for (std::size_t i = job.path.size(); i-- > 0;) {
      const auto known = homes_.find(job.path[i].key);
      if (known == homes_.end()) continue;
      const replica& home = replicas_[known->second];
      const bool better =
          home.down_until == 0 && promised(home, job) <= promised(replicas_[best], job);
      return better ? known->second : best;
    }
    return best;
  }

  /// About how long a job would take at a replica: longer in proportion where its load is more than
  /// a batch.
  [[nodiscard]] double promised(const replica& one, const serving_job& job) const {
    const auto most = static_cast<double>(options_.max_batch);
    const double load = one.load() + 1;
    const double missing = job.context - one.memory.held(job.path);
    const double step = options_.cost.step_seconds(std::min(load, most), one.context + job.context);
    return std::max(1.0, load / most) *
           (options_.cost.prefill_seconds(missing, job.context - missing) + job.write * step);
  }

  /// Within its last step before an end a replica takes nothing in: it will when that is over.
  [[nodiscard]] bool takes_in(const replica& one, double now) const {
    return one.running.empty() || one.pass_at == now || steps_until(one, now) < one.plan_steps;
  }

  void admit(double now) {
    for (replica& one : replicas_) {
      while (!one.queue.empty() && is_up(one, now) && has_room(one, one.queue.front().job) &&
             takes_in(one, now)) {
        begin(one, std::move(one.queue.front()), now);
        one.queue.pop_front();
      }
    }
    while (!queue_.empty()) {
      replica* best = nullptr;
      for (replica& one : replicas_) {
        if (!is_up(one, now) || !has_room(one, queue_.front().job)) continue;
        if (best == nullptr || one.running.size() < best->running.size()) best = &one;
      }
      if (best == nullptr || !takes_in(*best, now)) return;
      begin(*best, std::move(queue_.front()), now);
      queue_.pop_front();
    }
  }

  /// Takes a job in at the end of the step under way.
  void begin(replica& one, waiting next, double now) {
    if (one.running.empty()) {
      one.clock = std::max(one.clock, now);
      one.read_at = -1;
    } else {
      run_to(one, steps_until(one, now));
    }
    report_.queued_seconds += one.clock - next.since;
    const serving_job& job = next.job;
    const double missing = job.path.empty() ? job.prefill : job.context - one.memory.held(job.path);
    double read = options_.cost.prefill_seconds(missing, std::max(0.0, job.context - missing));
    if (read > 0) {
      if (one.read_at == one.steps) read -= options_.cost.pass_seconds();
      if (one.read_at != one.steps) one.pass_at = now;
      one.read_at = one.steps;
    }
    one.clock += read;
    report_.busy_seconds += read;
    report_.tokens_read += missing;
    one.memory.take(job.path, own_tokens(job));
    one.context += job.context;
    const double last = one.steps + job.write;
    one.running.push_back({std::move(next.job), last});
    report_.largest_batch = std::max(report_.largest_batch, one.running.size());
    report_.largest_kv_bytes = std::max(report_.largest_kv_bytes,
                                        one.memory.in_use() * options_.cost.kv_bytes_per_token());
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

  /// Writes so many tokens of each sequence.
  void run_to(replica& one, double steps) {
    const double seconds = seconds_of(one, steps);
    one.clock += seconds;
    report_.busy_seconds += seconds;
    one.steps += steps;
    one.context += steps * static_cast<double>(one.running.size());
  }

  /// Takes out the sequences that have written their last tokens.
  void end_sequences(replica& one, std::vector<std::uint64_t>& done) {
    std::size_t kept = 0;
    for (sequence& each : one.running) {
      if (each.last > one.steps) {
        if (&each != &one.running[kept]) one.running[kept] = std::move(each);
        ++kept;
        continue;
      }
      const serving_job& job = each.job;
      done.push_back(job.tag);
      report_.tokens_written += job.write;
      one.memory.release(job.path, own_tokens(job), job.written);
      one.context -= job.context + job.write;
    }
    one.running.erase(one.running.begin() + static_cast<std::ptrdiff_t>(kept), one.running.end());
    plan(one);
  }

  void plan(replica& one) const {
    double last = one.running.empty() ? one.steps : one.running.front().last;
    for (const sequence& each : one.running) last = std::min(last, each.last);
    one.plan_steps = last - one.steps;
    one.plan_end = one.clock + seconds_of(one, one.plan_steps);
  }

  void fail(replica& one) {
    ++report_.failures;
    const double failed_at = one.fails_at;
    run_to(one, std::max(0.0, steps_until(one, failed_at) - 1));
    std::vector<sequence> lost = std::move(one.running);
    std::deque<waiting> left = std::move(one.queue);
    one.running.clear();
    one.queue.clear();
    one.memory.clear();
    one.context = 0;
    one.down_until = failed_at + options_.restart;
    one.clock = one.down_until;
    one.fails_at = one.down_until + uptime(one);
    for (std::size_t i = lost.size(); i-- > 0;) {
      report_.tokens_lost += lost[i].job.write - (lost[i].last - one.steps);
      left.push_front({std::move(lost[i].job), failed_at});
    }
    if (options_.affinity) {
      for (waiting& each : left) enqueue(std::move(each), failed_at);
    } else {
      queue_.insert(queue_.begin(), std::make_move_iterator(left.begin()),
                    std::make_move_iterator(left.end()));
    }
  }

  cluster_options options_;
  std::vector<replica> replicas_;
  std::deque<waiting> queue_;                             // jobs that wait for any replica
  std::unordered_map<std::uint64_t, std::size_t> homes_;  // pieces, by where they were last
  cluster_report report_;
};

}  // namespace outthink::backends
