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
    bool reads = false;
    for (; next < arrivals.size() && arrivals[next].at <= clock; ++next) {
      const serving_job& job = arrivals[next].job;
      double tokens = job.context + job.write;
      for (const sequence& one : running) tokens += one.job.context + one.job.write;
      const bool fits = running.size() < options.max_batch &&
                        tokens * options.cost.kv_bytes_per_token() <= options.cost.machine.kv_bytes;
      if (!fits && !running.empty()) break;
      const double read = options.cost.prefill_seconds(job.prefill, job.context - job.prefill);
      clock += read;
      // What is read between two steps shares one pass over the weights.
      if (read > 0 && reads) clock -= options.cost.pass_seconds();
      reads = reads || read > 0;
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
  replica_pool pool({.cost = kSmall, .max_batch = 1});
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

TEST_CASE("jobs that wait to be read are read in one pass, those that come later in the next") {
  replica_pool pool({.cost = kSmall});
  std::vector<arrival> arrivals;
  for (std::uint64_t tag = 0; tag < 3; ++tag) arrivals.push_back({{tag, 100, 100, 0}, 1});
  const double pass = kSmall.pass_seconds(), one = kSmall.prefill_seconds(100, 0);
  arrivals.push_back({{3, 100, 100, 0}, 1 + one / 2});
  const auto ends = run(pool, arrivals);
  for (const int tag : {0, 1, 2})
    CHECK(ends[static_cast<std::size_t>(tag)] == doctest::Approx(1 + 3 * one - 2 * pass));
  CHECK(ends[3] == doctest::Approx(1 + 4 * one - 2 * pass));
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

TEST_CASE("with a prefix cache a replica reads a common beginning once") {
  const auto job = [](std::uint64_t tag) {
    return serving_job{tag, 1000, 1000, 50, {{1, 1000}}, 0};
  };
  replica_pool pool({.cost = kSmall, .prefix_cache = true});
  const double reading = kSmall.prefill_seconds(1000, 0);
  const auto ends = run(pool, {{job(0), 0}, {job(1), 100}});
  CHECK(ends[0] == doctest::Approx(reading + kSmall.steps_seconds(1, 1000, 50)));
  CHECK(ends[1] == doctest::Approx(100 + kSmall.steps_seconds(1, 1000, 50)));
  CHECK(pool.report().tokens_read == 1000);
  // Every replica reads it for itself, and without a cache every job does.
  std::vector<arrival> many;
  for (std::uint64_t tag = 0; tag < 200; ++tag) many.push_back({job(tag), 0});
  replica_pool four({.cost = kSmall, .replicas = 4, .prefix_cache = true});
  replica_pool without({.cost = kSmall, .replicas = 4});
  const auto with_ends = run(four, many), without_ends = run(without, many);
  CHECK(four.report().tokens_read == 4 * 1000);
  CHECK(without.report().tokens_read == 200 * 1000);
  CHECK(*std::max_element(with_ends.begin(), with_ends.end()) <
        *std::max_element(without_ends.begin(), without_ends.end()) - 40 * reading);
}

TEST_CASE("sequences that share a beginning share its memory") {
  cluster_options options{.cost = kSmall};
  options.cost.machine.kv_bytes = 3000 * kSmall.kv_bytes_per_token();
  std::vector<arrival> many;
  for (std::uint64_t tag = 0; tag < 40; ++tag)
    many.push_back({{tag, 1000, 0, 100, {{7, 1000}}}, 0});
  replica_pool apart(options);
  (void)run(apart, many);
  CHECK(apart.report().largest_batch == 2);  // of 1,100 tokens each
  options.prefix_cache = true;
  replica_pool together(options);
  (void)run(together, many);
  CHECK(together.report().largest_batch == 20);  // 1,000 tokens, and 100 each
  CHECK(together.report().largest_kv_bytes <= options.cost.machine.kv_bytes);
}

namespace {

/// Chains of jobs, each of which continues what the one before it wrote; when all are done.
double run_chains(replica_pool& pool, std::uint64_t chains, std::size_t length, double prompt) {
  std::vector<serving_job> next;
  for (std::uint64_t i = 0; i < chains; ++i)
    next.push_back(
        {i, prompt, prompt, 20.0 + static_cast<double>(i % 7), {{i + 1, prompt}}, 1000 + i});
  for (const serving_job& job : next) pool.submit(job, 0);
  std::vector<std::uint64_t> done;
  double now = 0;
  while (std::isfinite(pool.next_event())) {
    now = pool.next_event();
    done.clear();
    pool.advance(now, done);
    for (const std::uint64_t tag : done) {
      serving_job& job = next[tag];
      if (job.path.size() == length) continue;
      job.path.push_back({job.written, job.write});
      job.context += job.write;
      job.written += 1000;
      pool.submit(job, now);
    }
  }
  return now;
}

}  // namespace

TEST_CASE("with affinity what continues a text goes to the replica that holds it") {
  const cluster_options near{
      .cost = kSmall, .replicas = 8, .max_batch = 16, .prefix_cache = true, .affinity = true};
  cluster_options far = near;
  far.affinity = false;
  replica_pool kept(near), spread(far);
  const double kept_seconds = run_chains(kept, 100, 10, 2000);
  const double spread_seconds = run_chains(spread, 100, 10, 2000);
  CHECK(kept.report().tokens_written == spread.report().tokens_written);
  CHECK(kept.report().jobs == 1000);
  // Each prompt once, and little else.
  CHECK(kept.report().tokens_read < 1.2 * 100 * 2000);
  CHECK(spread.report().tokens_read > 1.5 * kept.report().tokens_read);
  CHECK(kept_seconds < spread_seconds);
}

TEST_CASE("with affinity jobs that have nothing in common are shared out as well as by one queue") {
  const auto arrivals = random_arrivals(9, 2000, 0.0);
  const auto last = [&](bool affinity) {
    replica_pool pool({.cost = kSmall, .replicas = 4, .max_batch = 32, .affinity = affinity});
    const auto ends = run(pool, arrivals);
    return *std::max_element(ends.begin(), ends.end());
  };
  CHECK(last(true) == doctest::Approx(last(false)).epsilon(0.1));
  // A prompt that all have does not keep the other replicas idle.
  std::vector<arrival> same;
  for (std::uint64_t tag = 0; tag < 400; ++tag)
    same.push_back({{tag, 100, 100, 300, {{5, 100}}, 0}, 0});
  const auto seconds_of = [&](std::uint32_t replicas) {
    replica_pool pool({.cost = kSmall,
                       .replicas = replicas,
                       .max_batch = 32,
                       .prefix_cache = true,
                       .affinity = true});
    const auto ends = run(pool, same);
    return *std::max_element(ends.begin(), ends.end());
  };
  CHECK(seconds_of(4) < 0.35 * seconds_of(1));
}

TEST_CASE("with affinity a replica that fails hands its jobs on, and what it held is read again") {
  const cluster_options steady_options{
      .cost = kSmall, .replicas = 3, .prefix_cache = true, .affinity = true};
  cluster_options options = steady_options;
  options.mean_uptime = 0.1;
  options.restart = 0.05;
  options.seed = 2;
  replica_pool steady(steady_options), failing(options);
  const double expected = run_chains(steady, 40, 8, 500);
  const double seconds = run_chains(failing, 40, 8, 500);
  CHECK(failing.report().failures > 3);
  CHECK(failing.report().tokens_written == steady.report().tokens_written);
  CHECK(failing.report().tokens_read > steady.report().tokens_read);
  CHECK(seconds > expected);
}
