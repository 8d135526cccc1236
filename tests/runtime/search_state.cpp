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
#include <limits>
#include <span>
#include <string>
#include <string_view>
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

/// Scores steps and their children, and every one of them a second time.
struct scores_twice {
  std::vector<float>* seen;

  outthink::task<outthink::candidate_nodes> operator()(outthink::search auto& s) const {
    const auto steps = co_await s.extend(s.root(), 2);
    const auto first = co_await s.score(steps);
    const auto again = co_await s.score(steps);
    const auto children = co_await s.extend(steps, 2);
    const auto below = co_await s.score(children, outthink::step_reduction::min);
    for (const auto* scores : {&first, &again, &below}) {
      seen->insert(seen->end(), scores->begin(), scores->end());
    }
    const auto once_more = co_await s.score(children);
    co_return s.candidates();
  }
};

/// Scores the last step that is asked for, as an outcome reward model does.
struct last_step_judge {
  using request = outthink::score_request;
  using response = outthink::verdict;

  std::vector<std::size_t> asked;

  std::vector<outthink::verdict> answer(std::span<const outthink::score_request> requests) {
    std::vector<outthink::verdict> verdicts;
    for (const auto& one : requests) {
      asked.push_back(one.trace.steps());
      outthink::verdict made{
          .scores = {one.trace.steps() - one.from - 1, std::numeric_limits<float>::quiet_NaN()}};
      made.scores.push_back(0.5F);
      verdicts.push_back(made);
    }
    return verdicts;
  }
};

/// Scores a whole solution, then its first step, twice.
struct judges_inner_step {
  std::vector<float>* seen;

  outthink::task<outthink::candidate_nodes> operator()(outthink::search auto& s) const {
    const auto ends = co_await s.complete(s.root(), 1);
    const outthink::frontier inner{s.tree().parent(ends[0])};
    const auto whole = co_await s.score(ends);
    const auto first = co_await s.score(inner);
    const auto again = co_await s.score(inner);
    for (const auto* scores : {&whole, &first, &again}) seen->push_back(scores->front());
    co_return s.candidates();
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

TEST_CASE("search_state does not ask again for a trace that the verifier gave no score") {
  toy_tree model{.depth = 3, .letters = 3};
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  outthink::test::scripted_verifier verifier([](std::string_view) { return kNaN; });
  std::vector<float> seen;
  const auto result = solve("p", model, scores_twice{&seen}, verifier, majority_vote{});
  REQUIRE(seen.size() == 8);
  for (const float score : seen) CHECK(score != score);
  // Two first steps, then their two children each, every one of them once.
  CHECK(verifier.steps_scored ==
        std::vector<std::string>{"a\n", "b\n", "a\na\n", "a\nb\n", "b\na\n", "b\nb\n"});
  CHECK(result.spent.verifier_calls == 6);
}

TEST_CASE("search_state asks for a step that was passed over in a longer trace, once") {
  scripted model([](const generation_request&, random_stream&) -> std::string { return "a\nb"; });
  last_step_judge judge;
  std::vector<float> seen;
  static_cast<void>(solve("p", model, judges_inner_step{&seen}, judge, majority_vote{}));
  REQUIRE(seen.size() == 3);
  CHECK(seen[0] == .5F);
  CHECK(seen[1] == .5F);
  CHECK(seen[2] == .5F);
  CHECK(judge.asked == std::vector<std::size_t>{2, 1});  // steps of the traces that were asked for
}
