// SPDX-License-Identifier: MIT
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/replay.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <vector>

using outthink::majority_vote;
using outthink::no_verifier;
using outthink::outcome_status;
using outthink::repeated_sampling;
using outthink::solve;
using outthink::backends::replay;

static_assert(outthink::language_model<replay>);
static_assert(outthink::language_model<const replay>);

TEST_CASE("replay gives the i-th recorded continuation to the i-th that is asked for") {
  replay log;
  log.record("p", {.text = "first", .tokens = 3, .logprob = -1.5F});
  log.record("p", {.text = "second", .tokens = 4});
  log.record("p", {.text = "first"});
  CHECK(log.samples_after("p") == 3);
  CHECK(log.samples_after("q") == 0);
  const auto result = solve("p", log, repeated_sampling{.n = 3}, no_verifier{}, majority_vote{});
  REQUIRE(result.candidates.size() == 3);
  CHECK(result.candidates[1].solution == "second");
  CHECK(result.candidates[0].tokens == 3);
  CHECK(result.candidates[0].logprob == -1.5);
  CHECK(result.answer == "first");
  CHECK(result.spent.tokens == 7);
}

TEST_CASE("replay continues a recorded trace step by step") {
  replay log;
  log.record("p", {.text = "one\n"});
  log.record("pone\n", {.text = "two\n"});
  log.record("pone\ntwo\n", {.text = "three"});
  const auto result = solve("p", log, outthink::beam_search{.width = 1, .expand = 1}, no_verifier{},
                            majority_vote{});
  CHECK(result.answer == "one\ntwo\nthree");
  CHECK(result.best().steps() == 3);
}

TEST_CASE("replay cuts what took more tokens than may be written") {
  replay log;
  log.record("p", {.text = "short", .tokens = 5});
  log.record("p", {.text = "a long one", .tokens = 10});
  outthink::solve_options options;
  options.steps.max_total_tokens = 5;
  const auto result =
      solve("p", log, repeated_sampling{.n = 2}, no_verifier{}, majority_vote{}, options);
  CHECK(result.answer == "short");
  CHECK(result.candidates.size() == 1);
  CHECK(result.spent.tokens == 10);
}

TEST_CASE("replay: a request beyond the recording fails its search alone") {
  replay log;
  log.record("known", {.text = "a"});
  log.record("known", {.text = "a"});
  log.record("short", {.text = "b"});
  no_verifier none;
  const std::vector<outthink::problem> problems{"known", "short", "unknown"};
  const auto results =
      outthink::solve_all(problems, log, repeated_sampling{.n = 2}, none, majority_vote{});
  CHECK(results[0].status == outcome_status::answered);
  CHECK(results[0].answer == "a");
  CHECK(results[1].status == outcome_status::failed);
  CHECK(results[1].message ==
        "a service could not answer: language model: the recording holds 1 samples after "
        "\"short\"; sample 2 was asked for");
  CHECK(results[2].message ==
        "a service could not answer: language model: the recording holds 0 samples after "
        "\"unknown\"; sample 1 was asked for");
}
