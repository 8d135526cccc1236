// SPDX-License-Identifier: MIT
#include "../archetypes/environment.hpp"
#include "../support/same_outcome.hpp"
#include "../support/scripted_verifier.hpp"
#include "../support/word_world.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/environment_search.hpp>
#include <outthink/runtime/solve.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using outthink::best_score;
using outthink::environment_search;
using outthink::generation_request;
using outthink::outcome_status;
using outthink::random_stream;
using outthink::solve;
using outthink::test::scripted_verifier;
using outthink::test::word_world;

namespace {

/// Proposes the letters a, b, c in turn.
auto letters(std::uint32_t count) {
  return outthink::backends::scripted([count](const generation_request& asked, random_stream&) {
    return std::string(1, static_cast<char>('a' + asked.ordinal % count)) + "\n";
  });
}

/// What the last observation of a trace shows.
std::string word_in(std::string_view text) {
  const std::size_t begin = text.rfind('(');
  return begin == std::string_view::npos
             ? std::string()
             : std::string(text.substr(begin + 1, text.rfind(')') - begin - 1));
}

/// The value of a trace whose word begins the goal; of others 0.
auto perfect(std::string goal) {
  return [goal](std::string_view text) {
    const std::string word = word_in(text);
    return goal.starts_with(word) ? (word == goal ? 1.0 : 0.6) : 0.0;
  };
}

}  // namespace

// One hidden success at depth 3; with perfect values at most b tries for each of its actions.
TEST_CASE(
    "environment_search with perfect values finds a solution in depth times branching tries") {
  word_world world{.goal = "cbc"};
  scripted_verifier verifier(perfect("cbc"));
  const environment_search<word_world> policy{.world = &world, .proposals = 6, .branching = 3};
  const auto result = solve("p\n", letters(3), policy, verifier, best_score{});
  CHECK(result.answer == "c\n(c)\nb\n(cb)\nc\n(cbc)\n");
  CHECK(world.tried.size() <= 9);
  CHECK(result.spent.other_calls == world.tried.size());
  CHECK(result.candidates.size() == 1);
}

TEST_CASE("environment_search with constant values is breadth first") {
  word_world world{.goal = "none"};
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  const environment_search<word_world> policy{
      .world = &world, .proposals = 4, .branching = 2, .depth = 3, .expansions = 14, .plans = 1};
  const auto result = solve("p\n", letters(2), policy, verifier, best_score{});
  CHECK(world.tried == std::vector<std::string>{"a", "b", "aa", "ab", "ba", "bb", "aaa", "aab",
                                                "aba", "abb", "baa", "bab", "bba", "bbb"});
  CHECK_FALSE(result.has_answer());
  CHECK(result.status == outcome_status::answered);
}

TEST_CASE("environment_search tries the most frequent actions, and one by one") {
  outthink::backends::scripted model([](const generation_request& asked, random_stream&) {
    return std::string(1, "abbccc"[asked.ordinal % 6]) + (asked.ordinal % 2 == 0 ? "\n" : " \n");
  });
  word_world world{.goal = "none"};
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  const environment_search<word_world> policy{
      .world = &world, .proposals = 6, .branching = 2, .depth = 1, .expansions = 9, .plans = 1};
  static_cast<void>(solve("p\n", model, policy, verifier, best_score{}));
  CHECK(world.tried == std::vector<std::string>{"c", "b"});
  CHECK(world.batches == std::vector<std::size_t>{1, 1});
}

TEST_CASE("environment_search goes to the best place of a plan and plans on from there") {
  // One action a plan: b is best, then bb, then bbb.
  word_world world{.goal = "bbb"};
  scripted_verifier verifier([](std::string_view text) {
    return word_in(text).find('a') == std::string::npos ? 0.5 : 0.25;
  });
  const environment_search<word_world> policy{
      .world = &world, .proposals = 2, .branching = 2, .depth = 1, .expansions = 2, .plans = 3};
  const auto result = solve("p\n", letters(2), policy, verifier, best_score{});
  CHECK(world.tried == std::vector<std::string>{"a", "b", "ba", "bb", "bba", "bbb"});
  CHECK(word_in(result.answer) == "bbb");
}

TEST_CASE("environment_search carries a plan out at once when its value is enough") {
  word_world world{.goal = "none"};
  scripted_verifier verifier([](std::string_view) { return 0.9; });
  const environment_search<word_world> policy{
      .world = &world, .proposals = 2, .branching = 2, .plans = 3, .enough = 0.9F};
  static_cast<void>(solve("p\n", letters(2), policy, verifier, best_score{}));
  CHECK(world.tried == std::vector<std::string>{"a", "aa", "aaa"});
}

TEST_CASE("environment_search leaves what fails, and ends where nothing is possible") {
  outthink::backends::scripted model([](const generation_request& asked, random_stream&) {
    return std::string(asked.trace.steps() == 0 && asked.ordinal == 1 ? "a\n" : "x\n");
  });
  word_world world{.goal = "none"};
  scripted_verifier verifier([](std::string_view) { return std::nan(""); });
  const environment_search<word_world> policy{.world = &world, .proposals = 2, .branching = 2};
  const auto result = solve("p\n", model, policy, verifier, best_score{});
  // x fails; a leads on, to x alone; from there nothing is possible.
  CHECK(world.tried == std::vector<std::string>{"x", "a", "ax", "ax"});
  CHECK(result.candidates.empty());
}

TEST_CASE("environment_search: a world that can only be reset gives the same outcome") {
  word_world world{.goal = "bacb"};
  outthink::backends::replayed_environment again{outthink::test::resettable_word{"bacb"}};
  const auto quality = [](std::string_view text) {
    const double noise = static_cast<double>(outthink::hash_text(text) % 1000) / 1000;
    return (std::string_view("bacb").starts_with(word_in(text)) ? 0.3 : 0.0) + 0.6 * noise;
  };
  scripted_verifier one(quality), other(quality);
  const environment_search<word_world> direct{
      .world = &world, .proposals = 6, .branching = 3, .expansions = 60};
  const environment_search<decltype(again)> replayed{
      .world = &again, .proposals = 6, .branching = 3, .expansions = 60};
  const auto a = solve("p\n", letters(3), direct, one, best_score{});
  const auto b = solve("p\n", letters(3), replayed, other, best_score{});
  CHECK(a.has_answer());
  CHECK(outthink::test::same(a, b));
  CHECK(again.resets() > 10);
  CHECK(again.resets() <= world.tried.size());
}

TEST_CASE("environment_search works in the smallest environment, and gives nothing away early") {
  archetypes::button world(outthink::situation::done);
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  const environment_search<archetypes::button> policy{.world = &world};
  CHECK(solve("p", letters(2), policy, verifier, best_score{}).candidates.size() == 1);
  outthink::solve_options options;
  options.limits.verifier_calls = 0;  // proposals that end the model's text are no solutions
  outthink::backends::scripted ends(
      [](const generation_request&, random_stream&) { return std::string("push"); });
  archetypes::button stays(outthink::situation::open);
  const environment_search<archetypes::button> other{.world = &stays};
  const auto cut = solve("p", ends, other, verifier, best_score{}, options);
  CHECK(cut.status == outcome_status::budget_spent);
  CHECK(cut.candidates.empty());
}

TEST_CASE("environment_search refuses options out of range") {
  word_world world{.goal = "a"};
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  using policy = environment_search<word_world>;
  for (const policy& options :
       {policy{.world = nullptr}, policy{.world = &world, .proposals = 0},
        policy{.world = &world, .branching = 0}, policy{.world = &world, .depth = 0},
        policy{.world = &world, .expansions = 0}, policy{.world = &world, .plans = 0}}) {
    const auto result = solve("p", letters(1), options, verifier, best_score{});
    CHECK(result.status == outcome_status::failed);
    CHECK(result.message.find("environment_search: there must be") != std::string::npos);
  }
}
