// SPDX-License-Identifier: MIT
// What a search makes of answers, seen through a whole run.
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/search_state.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <span>
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
using outthink::solve_options;
using outthink::backends::scripted;
using outthink::test::toy_tree;

namespace {

auto writes(std::string text, finish ended = finish::text_end) {
  return scripted([text, ended](const generation_request&, random_stream&) {
    generation made;
    made.text = text;
    made.ended = ended;
    made.spent.tokens_written = static_cast<std::uint32_t>(text.size());
    return made;
  });
}

/// Keeps the streams of its requests.
struct stream_recorder {
  using request = outthink::score_request;
  using response = outthink::verdict;

  std::vector<outthink::stream_id> seen;

  std::vector<outthink::verdict> answer(std::span<const outthink::score_request> asked) {
    std::vector<outthink::verdict> verdicts;
    for (const auto& one : asked) {
      seen.push_back(one.stream);
      verdicts.push_back({.scores = {one.trace.steps() - one.from, 0.5F}});
    }
    return verdicts;
  }
};

}  // namespace

TEST_CASE("search_state cuts a whole solution into the steps that it has step by step") {
  const auto result =
      solve("p", writes("a\nbb\n\nc"), repeated_sampling{.n = 1}, no_verifier{}, majority_vote{});
  REQUIRE(result.has_answer());
  CHECK(result.best().step_ends == std::vector<std::uint32_t>{2, 5, 6, 7});
  CHECK(result.best().tokens == 7);
}

TEST_CASE("search_state takes a solution that ends with a delimiter without an empty step") {
  const auto result =
      solve("p", writes("a\n"), repeated_sampling{.n = 1}, no_verifier{}, majority_vote{});
  CHECK(result.best().steps() == 1);
}

TEST_CASE("search_state takes an empty answer as the end of the trace, without a step") {
  SUBCASE("as a solution") {
    outthink::test::scripted_verifier verifier([](std::string_view) { return 0.5; });
    const auto result =
        solve("p", writes(""), repeated_sampling{.n = 1}, verifier, majority_vote{});
    REQUIRE(result.candidates.size() == 1);
    CHECK(result.candidates[0].steps() == 0);
    CHECK(result.spent.verifier_calls == 0);
  }
  SUBCASE("as a step, from a service that cannot look ahead") {
    scripted model([](const generation_request& asked, random_stream&) -> std::string {
      return asked.trace.steps() == 0 ? "only\n" : "";
    });
    outthink::test::scripted_verifier verifier([](std::string_view) { return 0.5; });
    const auto result = solve("p", model, outthink::beam_search{.width = 1, .expand = 1}, verifier,
                              majority_vote{});
    REQUIRE(result.candidates.size() == 1);
    CHECK(result.candidates[0].solution == "only\n");
    CHECK(result.candidates[0].step_scores == std::vector<float>{.5F});
    CHECK(result.spent.verifier_calls == 1);
  }
}

TEST_CASE("search_state neither continues nor counts what a length limit cut") {
  const auto result = solve("p", writes("cut", finish::length), repeated_sampling{.n = 3},
                            no_verifier{}, majority_vote{});
  CHECK(result.candidates.empty());
  CHECK(result.status == outcome_status::answered);
  const auto steps = solve("p", writes("cut\n", finish::length), outthink::beam_search{},
                           no_verifier{}, majority_vote{});
  CHECK(steps.candidates.empty());
  CHECK(steps.spent.model_calls == 16);
}

TEST_CASE("search_state ends a trace at a step that contains a stop text") {
  solve_options options;
  options.steps.stops = {"Answer"};
  const auto result = solve("p", writes("Answer: 5\n", finish::step_end),
                            outthink::beam_search{.width = 1, .expand = 1}, no_verifier{},
                            majority_vote{}, options);
  CHECK(result.answer == "Answer: 5\n");
  CHECK(result.spent.model_calls == 1);
}

TEST_CASE("search_state gives requests their rule, limits, sampling and ordinal") {
  solve_options options;
  options.steps.max_tokens = 17;
  options.steps.max_total_tokens = 170;
  options.sampling.temperature = 0.25F;
  std::vector<std::uint32_t> limits, ordinals;
  bool alike = true;
  scripted model([&](const generation_request& asked, random_stream&) -> std::string {
    limits.push_back(asked.max_tokens);
    ordinals.push_back(asked.ordinal);
    alike = alike && asked.sampling == options.sampling && asked.rule->max_tokens == 17;
    return "x";
  });
  static_cast<void>(
      solve("p", model, repeated_sampling{.n = 2}, no_verifier{}, majority_vote{}, options));
  static_cast<void>(solve("p", model, outthink::beam_search{.width = 1, .expand = 2}, no_verifier{},
                          majority_vote{}, options));
  CHECK(limits == std::vector<std::uint32_t>{170, 170, 17, 17});
  CHECK(ordinals == std::vector<std::uint32_t>{0, 1, 0, 1});
  CHECK(alike);
}

TEST_CASE("search_state shares the tokens that are left evenly among a round") {
  solve_options options;
  options.limits.tokens = 100;
  std::vector<std::uint32_t> limits;
  scripted model([&](const generation_request& asked, random_stream&) -> std::string {
    limits.push_back(asked.max_tokens);
    return asked.trace.steps() < 1 ? "123456789\n" : "123456789";
  });
  const auto result = solve("p", model, outthink::beam_search{.width = 2, .expand = 3},
                            no_verifier{}, majority_vote{}, options);
  REQUIRE(limits.size() >= 7);
  CHECK(limits[0] == 16);  // 100 / 6
  CHECK(limits[6] == 13);  // 40 / 3: all first steps are alike, one is kept
  CHECK(result.spent.tokens <= 100);
}

TEST_CASE("search_state scores each step once, from the first that has no score") {
  toy_tree model{.depth = 3, .letters = 3};
  outthink::test::scripted_verifier verifier([](std::string_view) { return 0.5; });
  const auto result =
      solve("p", model, outthink::beam_search{.width = 1, .expand = 3}, verifier, majority_vote{});
  CHECK(verifier.steps_scored.size() == 9);
  CHECK(result.spent.verifier_calls == 9);
}

TEST_CASE("search_state gives verifiers random numbers of their own, apart from the model's") {
  stream_recorder verifier;
  std::vector<outthink::stream_id> model_streams;
  scripted model([&](const generation_request& asked, random_stream&) {
    model_streams.push_back(asked.stream);
    return std::to_string(asked.ordinal);
  });
  static_cast<void>(solve("p", model, repeated_sampling{.n = 5}, verifier, majority_vote{}));
  REQUIRE(verifier.seen.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = 0; j < 5; ++j) {
      CHECK_FALSE(verifier.seen[i] == model_streams[j]);
      if (i != j) CHECK_FALSE(verifier.seen[i] == verifier.seen[j]);
    }
  }
}
