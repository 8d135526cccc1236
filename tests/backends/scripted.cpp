// SPDX-License-Identifier: MIT
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

using outthink::finish;
using outthink::generation;
using outthink::generation_request;
using outthink::majority_vote;
using outthink::no_verifier;
using outthink::outcome_status;
using outthink::random_stream;
using outthink::repeated_sampling;
using outthink::solve;
using outthink::backends::scripted;

TEST_CASE("scripted writes what its function writes and counts a token per byte") {
  scripted model([](const generation_request& asked, random_stream&) {
    return std::string(asked.trace.prompt()) + "!";
  });
  static_assert(outthink::language_model<decltype(model)>);
  const auto result =
      solve("hello", model, repeated_sampling{.n = 2}, no_verifier{}, majority_vote{});
  CHECK(result.answer == "hello!");
  CHECK(result.spent.tokens == 12);
}

TEST_CASE("scripted: a text that ends with the delimiter is a step where a step is asked for") {
  scripted model([](const generation_request& asked, random_stream&) -> std::string {
    return asked.trace.steps() < 2 ? "step\n" : "end";
  });
  SUBCASE("step by step") {
    const auto result = solve("p", model, outthink::beam_search{.width = 1, .expand = 1},
                              no_verifier{}, majority_vote{});
    CHECK(result.answer == "step\nstep\nend");
  }
  SUBCASE("as a whole solution it is the end") {
    const auto result =
        solve("p", model, repeated_sampling{.n = 1}, no_verifier{}, majority_vote{});
    CHECK(result.answer == "step\n");
  }
  SUBCASE("without a delimiter there is one step") {
    outthink::solve_options options;
    options.steps.delimiter.clear();
    const auto result = solve("p", model, outthink::beam_search{.width = 1, .expand = 1},
                              no_verifier{}, majority_vote{}, options);
    CHECK(result.answer == "step\n");
  }
}

TEST_CASE("scripted passes a whole generation through") {
  scripted model([](const generation_request&, random_stream&) {
    generation made;
    made.text = "cut";
    made.ended = finish::length;
    made.logprob = -3;
    made.spent = {.tokens_read = 5, .tokens_written = 7, .flops = 11, .money = 13};
    return made;
  });
  const auto result = solve("p", model, repeated_sampling{.n = 1}, no_verifier{}, majority_vote{});
  CHECK_FALSE(result.has_answer());  // what was cut is no answer
  CHECK(result.spent.tokens == 7);
  CHECK(result.spent.prompt_tokens == 5);
  CHECK(result.spent.flops == 11);
  CHECK(result.spent.money == 13);
}

TEST_CASE("scripted gives its function the request's own random numbers") {
  scripted model([](const generation_request& asked, random_stream& random) {
    random_stream own(asked.stream);
    const bool same = own.next() == random.next();
    return std::to_string(same ? 1 : 0) + std::to_string(asked.ordinal);
  });
  const auto result = solve("p", model, repeated_sampling{.n = 2}, no_verifier{}, majority_vote{});
  REQUIRE(result.candidates.size() == 2);
  CHECK(result.candidates[0].solution == "10");
  CHECK(result.candidates[1].solution == "11");
}

TEST_CASE("scripted: what its function throws fails the problem") {
  scripted model([](const generation_request&, random_stream&) -> std::string {
    throw std::runtime_error("no idea");
  });
  const auto result = solve("p", model, repeated_sampling{.n = 1}, no_verifier{}, majority_vote{});
  CHECK(result.status == outcome_status::failed);
  CHECK(result.message == "no idea");
}
