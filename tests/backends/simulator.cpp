// SPDX-License-Identifier: MIT
#include "../support/same_outcome.hpp"
#include "../support/scripted_verifier.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/backends/simulator.hpp>
#include <outthink/policies/adaptive_sampling.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/stopping/adaptive_consistency.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace outthink;
using backends::cluster_options;
using backends::simulator;
using backends::virtual_clock;

namespace {

const backends::serving_cost kCost{
    {.parameters = 1e9, .layers = 16, .query_heads = 16, .kv_heads = 4, .head_size = 64}, {}};

/// Right with .7, after 50 to 150 tokens.
generation script(const generation_request& asked, random_stream& random) {
  generation written;
  written.text = random.uniform() < 0.7 ? "right" : "wrong" + std::to_string(random.below(3));
  written.spent.tokens_written = 50 + random.below(100);
  if (asked.until == extent::step && asked.trace.steps() < 2) {
    written.text += "\n";
    written.ended = finish::step_end;
  }
  return written;
}

double judge(std::string_view text) {
  return text.starts_with("right") ? 0.9 : 0.2;
}

std::vector<problem> problems_of(int count) {
  std::vector<problem> all;
  for (int i = 0; i < count; ++i) all.emplace_back("problem " + std::to_string(i));
  return all;
}

}  // namespace

static_assert(asynchronous_service<simulator<backends::scripted<decltype(&script)>>>);

TEST_CASE("a search at a simulated cluster finds what it finds without one, however large") {
  const auto problems = problems_of(20);
  backends::scripted model(&script);
  test::scripted_verifier verifier(&judge);
  const beam_search policy{.width = 2, .expand = 3};
  const auto expected = solve_all(problems, model, policy, verifier, best_score{});
  double before = 0;
  for (const std::uint32_t replicas : {1U, 2U, 7U}) {
    virtual_clock clock;
    simulator served(model, {.cost = kCost, .replicas = replicas, .max_batch = 4}, clock);
    simulator judged(verifier, {.cost = kCost, .replicas = 1, .max_batch = 8}, clock);
    const auto found = solve_all(problems, served, policy, judged, best_score{});
    CHECK(test::same(found, expected));
    CHECK(clock.seconds() > 0);
    if (before > 0) CHECK(clock.seconds() < before);
    before = clock.seconds();
    CHECK(served.report().busy_seconds <= replicas * clock.seconds() * (1 + 1e-9));
  }
}

TEST_CASE("votes take the time of their tokens on so many replicas") {
  const auto problems = problems_of(200);
  backends::scripted model(&script);
  const auto seconds_of = [&](const auto& policy, std::uint32_t replicas) {
    virtual_clock clock;
    simulator served(model, {.cost = kCost, .replicas = replicas, .max_batch = 32}, clock);
    std::uint64_t tokens = 0;
    for (const outcome& one : solve_all(problems, served, policy, no_verifier{}, majority_vote{},
                                        {.max_live = problems.size()}))
      tokens += one.spent.tokens;
    CHECK(served.report().tokens_written == static_cast<double>(tokens));
    return clock.seconds();
  };
  const double alone = seconds_of(repeated_sampling{.n = 16}, 1);
  CHECK(seconds_of(repeated_sampling{.n = 16}, 4) == doctest::Approx(alone / 4).epsilon(0.05));
  // Stopping when the vote is clear pays in time too, though each problem waits for its own votes.
  const adaptive_sampling<adaptive_consistency> early{.stop = {}, .batch = 4, .max_samples = 16};
  CHECK(seconds_of(early, 4) < 0.75 * seconds_of(repeated_sampling{.n = 16}, 4));
}

TEST_CASE("failures of replicas cost time, not answers") {
  const auto problems = problems_of(50);
  backends::scripted model(&script);
  const repeated_sampling policy{.n = 8};
  const auto expected = solve_all(problems, model, policy, no_verifier{}, majority_vote{});
  virtual_clock calm_clock, clock;
  simulator calm(model, {.cost = kCost, .replicas = 2}, calm_clock);
  simulator failing(
      model, {.cost = kCost, .replicas = 2, .mean_uptime = 0.2, .restart = 0.1, .seed = 1}, clock);
  (void)solve_all(problems, calm, policy, no_verifier{}, majority_vote{});
  const auto found = solve_all(problems, failing, policy, no_verifier{}, majority_vote{});
  CHECK(test::same(found, expected));
  CHECK(failing.report().failures > 0);
  CHECK(clock.seconds() > calm_clock.seconds());
}

TEST_CASE("a cluster with a prefix cache and affinity reads each step of a search once") {
  const auto problems = problems_of(20);
  backends::scripted model(&script);
  test::scripted_verifier verifier(&judge);
  const beam_search policy{.width = 2, .expand = 3};
  const auto expected = solve_all(problems, model, policy, verifier, best_score{});
  double read[3], seconds[3];
  for (const int kind : {0, 1, 2}) {
    virtual_clock clock;
    simulator served(model,
                     {.cost = kCost,
                      .replicas = 4,
                      .max_batch = 64,
                      .prefix_cache = kind > 0,
                      .affinity = kind > 1},
                     clock, 0.02);  // prompts of 450 tokens and more
    CHECK(test::same(solve_all(problems, served, policy, verifier, best_score{}), expected));
    read[kind] = served.report().tokens_read;
    seconds[kind] = clock.seconds();
  }
  CHECK(read[1] < read[0]);
  CHECK(read[2] < read[1]);
  CHECK(seconds[2] < seconds[0]);
  // Not on each of four replicas, let alone for each of six continuations a step; steps included.
  const double prompts = 20 * 10 / 0.02;
  CHECK(read[2] < 3.5 * prompts);
  CHECK(read[0] > 6 * prompts);
}

TEST_CASE("simulator gives up what a cancelled search was waiting for") {
  const auto problems = problems_of(5);
  backends::scripted model(&script);
  virtual_clock clock;
  simulator served(model, {.cost = kCost}, clock);
  const std::size_t capacity = served.capacity();
  const std::atomic<bool> cancel = true;
  (void)solve_all(problems, served, repeated_sampling{.n = 50}, no_verifier{}, majority_vote{},
                  {.cancel = &cancel});
  CHECK(served.report().jobs > 0);
  CHECK(served.capacity() == capacity);
  CHECK_FALSE(clock.advance());
}

TEST_CASE("simulator refuses tokens without bytes") {
  backends::scripted model(&script);
  virtual_clock clock;
  CHECK_THROWS_AS(simulator(model, cluster_options{}, clock, 0), outthink::error);
  CHECK_FALSE(clock.advance());
}
