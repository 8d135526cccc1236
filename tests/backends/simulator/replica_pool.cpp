// SPDX-License-Identifier: MIT
#include <outthink/backends/simulator/replica_pool.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

using outthink::random_stream;
using outthink::backends::cluster_options;
using outthink::backends::replica_pool;
using outthink::backends::serving_cost;
using outthink::backends::serving_job;

namespace {

constexpr serving_cost kSmall{
    {.parameters = 1e9, .layers = 16, .query_heads = 16, .kv_heads = 4, .head_size = 64}, {}};

struct arrival {
  serving_job job;
  double at;
};

/// When each job ends, by its tag.
std::vector<double> run(replica_pool& pool, const std::vector<arrival>& arrivals) {
  std::vector<double> ends(arrivals.size(), -1.0);
  std::vector<std::uint64_t> done;
  const auto go_on = [&](double until) {
    while (pool.next_event() <= until && std::isfinite(pool.next_event())) {
      const double now = pool.next_event();
      done.clear();
      pool.advance(now, done);
      for (const std::uint64_t tag : done) {
        CHECK(ends[tag] == -1.0);
        ends[tag] = now;
      }
    }
  };
  for (const arrival& one : arrivals) {
    go_on(one.at);
    pool.submit(one.job, one.at);
  }
  go_on(INFINITY);
  return ends;
}

/// The same for one replica that never fails, a step at a time.
std::vector<double> step_by_step(const cluster_options& options,
                                 const std::vector<arrival>& arrivals) {
  std::vector<double> ends(arrivals.size());
  struct sequence {
    serving_job job;
    double left;
  };
  std::vector<sequence> running;
  std::size_t next = 0;
  double clock = 0;
  while (next < arrivals.size() || !running.empty()) {
    if (running.empty()) clock = std::max(clock, arrivals[next].at);
    for (; next < arrivals.size() && arrivals[next].at <= clock; ++next) {
      const serving_job& job = arrivals[next].job;
      double tokens = job.context + job.write;
      for (const sequence& one : running) tokens += one.job.context + one.job.write;
      const bool fits = running.size() < options.max_batch &&
                        tokens * options.cost.kv_bytes_per_token() <= options.cost.machine.kv_bytes;
      if (!fits && !running.empty()) break;
      clock += options.cost.prefill_seconds(job.prefill, job.context - job.prefill);
      running.push_back({job, job.write});
    }
    double context = 0;
    for (const sequence& one : running) context += one.job.context + one.job.write - one.left;
    clock += options.cost.step_seconds(static_cast<double>(running.size()), context);
    for (sequence& one : running)
      if (--one.left == 0) ends[one.job.tag] = clock;
    std::erase_if(running, [](const sequence& one) { return one.left == 0; });
  }
  return ends;
}

std::vector<arrival> random_arrivals(std::uint64_t key, std::size_t count, double mean_gap) {
  random_stream random({.key = key, .place = 0});
  std::vector<arrival> all;
  double now = 0;
  for (std::uint64_t tag = 0; tag < count; ++tag) {
    const double context = 50 + random.below(500);
    all.push_back(
        {{tag, context, std::floor(context * random.uniform()), 1.0 + random.below(200)}, now});
    now -= mean_gap * std::log1p(-random.uniform());
  }
  return all;
}

}  // namespace

TEST_CASE("a job alone takes its reading and its steps") {
  replica_pool pool({.cost = kSmall});
  const auto ends = run(pool, {{{0, 300, 100, 50}, 2.0}});
  CHECK(ends[0] ==
        doctest::Approx(2 + kSmall.prefill_seconds(100, 200) + kSmall.steps_seconds(1, 300, 50)));
  CHECK(pool.report().jobs == 1);
  CHECK(pool.report().tokens_written == 50);
  CHECK(pool.report().queued_seconds == 0);
  CHECK(pool.report().busy_seconds == doctest::Approx(ends[0] - 2));
}

TEST_CASE("replica_pool ends every job when a simulation step by step ends it") {
  for (const double gap : {0.5, 0.05, 0.005}) {
    for (const std::uint32_t batch : {1U, 4U, 64U}) {
      cluster_options options{.cost = kSmall, .max_batch = batch};
      options.cost.machine.kv_bytes = 3000 * kSmall.kv_bytes_per_token();
      const auto arrivals = random_arrivals(batch, 150, gap);
      replica_pool pool(options);
      const auto ends = run(pool, arrivals), expected = step_by_step(options, arrivals);
      std::size_t different = 0;
      for (std::size_t i = 0; i < ends.size(); ++i)
        different += std::fabs(ends[i] - expected[i]) > 1e-9 * expected[i] ? 1 : 0;
      CAPTURE(gap);
      CAPTURE(batch);
      CHECK(different == 0);
      CHECK(pool.report().largest_batch <= batch);
      CHECK(pool.report().largest_kv_bytes <= options.cost.machine.kv_bytes);
    }
  }
}

// Jobs that are only read take the same time each: the queue M/D/1, whose mean wait at a load of .7
// is .7 / (2 · .3) service times. 40,000 jobs.
TEST_CASE("jobs queue as long as queueing theory says") {
  replica_pool pool({.cost = kSmall});
  const double service = kSmall.prefill_seconds(400, 0);
  random_stream random({.key = 8, .place = 0});
  std::vector<arrival> arrivals;
  double now = 0;
  for (std::uint64_t tag = 0; tag < 40'000; ++tag) {
    now -= service / 0.7 * std::log1p(-random.uniform());
    arrivals.push_back({{tag, 400, 400, 0}, now});
  }
  run(pool, arrivals);
  CHECK(pool.report().queued_seconds / 40'000 ==
        doctest::Approx(service * 0.7 / (2 * 0.3)).epsilon(0.05));
  CHECK(pool.report().busy_seconds == doctest::Approx(40'000 * service));
}

TEST_CASE("more replicas share the work, and a batch is worth more than a queue") {
  std::vector<arrival> arrivals;
  for (std::uint64_t tag = 0; tag < 512; ++tag) arrivals.push_back({{tag, 200, 0, 100}, 0});
  const auto last = [&](const cluster_options& options) {
    replica_pool pool(options);
    const auto ends = run(pool, arrivals);
    return *std::max_element(ends.begin(), ends.end());
  };
  const double one = last({.cost = kSmall, .replicas = 1, .max_batch = 16});
  CHECK(last({.cost = kSmall, .replicas = 4, .max_batch = 16}) ==
        doctest::Approx(one / 4).epsilon(0.02));
  CHECK(last({.cost = kSmall, .replicas = 1, .max_batch = 64}) < one / 2);
  // A part of a load foretells the whole.
  for (std::uint64_t tag = 512; tag < 4096; ++tag) arrivals.push_back({{tag, 200, 0, 100}, 0});
  CHECK(last({.cost = kSmall, .replicas = 1, .max_batch = 16}) ==
        doctest::Approx(one * 8).epsilon(0.01));
}

TEST_CASE("replicas that fail lose what they were writing, and every job still ends once") {
  const auto arrivals = random_arrivals(3, 300, 0.02);
  replica_pool steady({.cost = kSmall, .replicas = 3});
  replica_pool failing(
      {.cost = kSmall, .replicas = 3, .mean_uptime = 1.0, .restart = 0.3, .seed = 5});
  const auto expected = run(steady, arrivals), ends = run(failing, arrivals);
  double written = 0;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    CHECK(ends[i] > arrivals[i].at);
    written += arrivals[i].job.write;
  }
  CHECK(failing.report().failures > 3);
  CHECK(failing.report().tokens_lost > 0);
  CHECK(failing.report().tokens_written == written);
  CHECK(steady.report().failures == 0);
  CHECK(steady.report().tokens_lost == 0);
  CHECK(*std::max_element(ends.begin(), ends.end()) >
        *std::max_element(expected.begin(), expected.end()));
  replica_pool again(
      {.cost = kSmall, .replicas = 3, .mean_uptime = 1.0, .restart = 0.3, .seed = 5});
  CHECK(run(again, arrivals) == ends);
}

TEST_CASE("a job beyond the memory runs alone, and what was cleared never ends") {
  cluster_options options{.cost = kSmall};
  options.cost.machine.kv_bytes = 100 * kSmall.kv_bytes_per_token();
  replica_pool pool(options);
  const auto ends = run(pool, {{{0, 500, 0, 10}, 0}, {{1, 10, 0, 10}, 0}});
  CHECK(ends[1] == doctest::Approx(ends[0] + kSmall.steps_seconds(1, 10, 10)));
  pool.submit({0, 10, 0, 10}, 100);
  pool.submit({1, 500, 0, 10}, 100);
  pool.clear();
  CHECK(std::isinf(pool.next_event()));
  CHECK_THROWS_AS(replica_pool({.replicas = 0}), outthink::error);
  CHECK_THROWS_AS(replica_pool({.max_batch = 0}), outthink::error);
  CHECK_THROWS_AS(replica_pool({.mean_uptime = 0}), outthink::error);
  CHECK_THROWS_AS(replica_pool({.restart = -1}), outthink::error);
}
