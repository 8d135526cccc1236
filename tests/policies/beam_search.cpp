// SPDX-License-Identifier: MIT
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/runtime/solve.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using outthink::beam_search;
using outthink::best_score;
using outthink::ended_beams;
using outthink::solve;
using outthink::test::letters_of;
using outthink::test::scripted_verifier;
using outthink::test::toy_tree;

namespace {

std::vector<std::string> solutions(const outthink::outcome& result) {
  std::vector<std::string> all;
  for (const auto& made : result.candidates) all.push_back(letters_of(made.solution));
  return all;
}

/// How many letters of `text` are those of `best`, as a share of its length.
auto agreement_with(std::string best) {
  return [best](std::string_view text) {
    const std::string letters = letters_of(text);
    std::size_t same = 0;
    while (same < letters.size() && letters[same] == best[same]) ++same;
    return static_cast<double>(same) / static_cast<double>(best.size());
  };
}

}  // namespace

TEST_CASE("beam_search with one continuation each keeps all its chains") {
  toy_tree model{.depth = 3, .letters = 8};
  scripted_verifier verifier(agreement_with("zzz"));
  const auto result =
      solve("p", model, beam_search{.width = 5, .expand = 1}, verifier, best_score{});
  CHECK(model.batches == std::vector<std::size_t>{5, 5, 5});
  CHECK(solutions(result) == std::vector<std::string>{"aaa", "baa", "caa", "daa", "eaa"});
}

TEST_CASE("beam_search of width 1 follows the verifier greedily") {
  toy_tree model{.depth = 4, .letters = 4};
  scripted_verifier verifier(agreement_with("cbda"));
  const auto result =
      solve("p", model, beam_search{.width = 1, .expand = 4}, verifier, best_score{});
  CHECK(letters_of(result.answer) == "cbda");
  CHECK(result.confidence == 1);
  CHECK(model.batches == std::vector<std::size_t>{4, 4, 4, 4});
  for (const std::string& prefix : model.prefixes) {
    CHECK(std::string("cbda").starts_with(letters_of(prefix)));
  }
}

// F. Yu et al. 2023: with a perfect value the first step decides, and a beam of one is enough.
TEST_CASE("beam_search of width 1 finds the right leaf of a two-step tree with perfect values") {
  for (const char* right : {"aa", "ad", "bc", "da", "dd"}) {
    scripted_verifier verifier([right](std::string_view text) {
      return std::string_view(right).starts_with(letters_of(text)) ? 1.0 : 0.0;
    });
    const auto result = solve("p", toy_tree{.depth = 2, .letters = 4},
                              beam_search{.width = 1, .expand = 4}, verifier, best_score{});
    CHECK(letters_of(result.answer) == right);
  }
}

TEST_CASE("beam_search draws exactly width x expand steps a round and keeps the best") {
  toy_tree model{.depth = 4, .letters = 6};
  scripted_verifier verifier([](std::string_view text) { return letters_of(text).back() - 'a'; });
  const auto result =
      solve("p", model, beam_search{.width = 2, .expand = 3}, verifier, best_score{});
  CHECK(model.batches == std::vector<std::size_t>{6, 6, 6, 6});
  CHECK(verifier.batches == std::vector<std::size_t>{6, 6, 6, 6});
  CHECK(std::count(model.prefixes.begin(), model.prefixes.end(), "f\n") == 3);
  CHECK(std::count(model.prefixes.begin(), model.prefixes.end(), "e\n") == 3);
  CHECK(std::count(model.prefixes.begin(), model.prefixes.end(), "f\nc\n") == 3);
  CHECK(std::count(model.prefixes.begin(), model.prefixes.end(), "e\nc\n") == 3);
  CHECK(result.candidates.size() == 6);
}

TEST_CASE("beam_search keeps the earlier of equal traces") {
  toy_tree model{.depth = 3, .letters = 6};
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  static_cast<void>(
      solve("p", model, beam_search{.width = 2, .expand = 3}, verifier, best_score{}));
  CHECK(std::count(model.prefixes.begin(), model.prefixes.end(), "a\n") == 3);
  CHECK(std::count(model.prefixes.begin(), model.prefixes.end(), "b\n") == 3);
}

TEST_CASE("beam_search drops repetitions before it scores") {
  toy_tree model{.depth = 3, .letters = 1};
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  const auto result =
      solve("p", model, beam_search{.width = 2, .expand = 2}, verifier, best_score{});
  CHECK(model.batches == std::vector<std::size_t>{4, 2, 2});
  CHECK(verifier.batches == std::vector<std::size_t>{1, 1, 1});
  CHECK(solutions(result) == std::vector<std::string>{"aaa"});
}

TEST_CASE("beam_search: finished solutions become candidates and leave the beam to others") {
  outthink::backends::scripted model(
      [](const outthink::generation_request& asked, outthink::random_stream&) -> std::string {
        if (asked.ordinal == 0) return "done " + std::to_string(asked.trace.steps());
        return "step " + std::to_string(asked.ordinal) + "\n";
      });
  scripted_verifier verifier([](std::string_view text) { return text.ends_with("\n") ? 0 : 1; });
  const auto result = solve("p", model, beam_search{.width = 1, .expand = 3, .max_steps = 2},
                            verifier, best_score{});
  REQUIRE(result.candidates.size() == 2);
  CHECK(result.candidates[0].solution == "done 0");
  CHECK(result.candidates[1].solution == "step 1\ndone 1");
}

// One PRM table and one deterministic generator under all rules: of the steps drawn after a trace
// the first ends, but not before its second step, and the earlier drawn is the better. The three
// rules differ in what a round costs.
TEST_CASE(
    "beam_search: what has ended leaves, is refilled, occupies its place or competes for it") {
  struct expectation {
    ended_beams rule;
    std::vector<std::size_t> draws;
    std::size_t candidates;
  };
  // width 2, expand 2, 5 rounds. From the second round on every trace's first continuation ends.
  const std::vector<expectation> expected{
      // Two solutions a round complete 2 x 2 in the third round.
      {ended_beams::leave, {4, 4, 4}, 4},
      // As many draws a round while anything is open, to the last round.
      {ended_beams::refill, {4, 4, 4, 4, 4}, 8},
      // The root has two children; in the next round two end and nothing is left of the beam.
      {ended_beams::occupy, {2, 4}, 2},
      // The two that end first are the best, and stay so.
      {ended_beams::compete, {4, 4}, 2},
  };
  for (const expectation& wanted : expected) {
    std::vector<std::size_t> draws(5);
    outthink::backends::scripted model(
        [&](const outthink::generation_request& asked, outthink::random_stream&) -> std::string {
          ++draws[asked.trace.steps()];
          const std::string letter(1, static_cast<char>('a' + asked.ordinal));
          return asked.trace.steps() > 0 && asked.ordinal == 0 ? letter : letter + "\n";
        });
    scripted_verifier verifier([](std::string_view text) { return 'z' - letters_of(text).back(); });
    const auto result = solve(
        "p", model, beam_search{.width = 2, .expand = 2, .max_steps = 5, .ended = wanted.rule},
        verifier, best_score{});
    while (!draws.empty() && draws.back() == 0) draws.pop_back();
    CHECK(draws == wanted.draws);
    CHECK(result.candidates.size() == wanted.candidates);
  }
}

TEST_CASE("beam_search: refilled beams share the draws of a round, the earlier get the remainder") {
  // Of three beams the best ends in the second round; the two others get 2 and 1 of 3 draws.
  outthink::backends::scripted model(
      [](const outthink::generation_request& asked, outthink::random_stream&) -> std::string {
        if (asked.trace.steps() == 1 && asked.trace.solution() == "0\n") return "end";
        return std::to_string(asked.ordinal) + "\n";
      });
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  static_cast<void>(
      solve("p", model,
            beam_search{.width = 3, .expand = 1, .max_steps = 3, .ended = ended_beams::refill},
            verifier, best_score{}));
  CHECK(verifier.batches == std::vector<std::size_t>{3, 3, 3});
  const std::vector<std::string> third{"1\n0\n0\n", "1\n0\n1\n", "2\n0\n0\n"};
  CHECK(std::vector(verifier.steps_scored.end() - 3, verifier.steps_scored.end()) == third);
}

TEST_CASE("beam_search: an occupied place is lost to the others") {
  // The first of each round ends: 3 beams, then 2, then 1.
  outthink::backends::scripted model(
      [](const outthink::generation_request& asked, outthink::random_stream&) -> std::string {
        if (asked.ordinal == 0 &&
            letters_of(asked.trace.solution()).find_first_not_of('b') == std::string::npos) {
          return "a";
        }
        return std::string(1, static_cast<char>('a' + asked.ordinal)) + "\n";
      });
  scripted_verifier verifier([](std::string_view text) { return 'z' - letters_of(text).back(); });
  const auto result =
      solve("p", model,
            beam_search{.width = 3, .expand = 4, .max_steps = 3, .ended = ended_beams::occupy},
            verifier, best_score{});
  CHECK(result.spent.model_calls == 4 + 2 * 4 + 1 * 4);
}

TEST_CASE("beam_search: a competing solution that is overtaken is no candidate") {
  // "a" ends at once with .4; what follows b is worth .5, then .6.
  outthink::backends::scripted model(
      [](const outthink::generation_request& asked, outthink::random_stream&) -> std::string {
        if (asked.trace.steps() == 0) return asked.ordinal == 0 ? "a" : "b\n";
        return "c";
      });
  scripted_verifier verifier([](std::string_view text) {
    return text == "a" ? 0.4 : text == "b\n" ? 0.5 : 0.6;
  });
  const beam_search competing{.width = 1, .expand = 2, .ended = ended_beams::compete};
  const auto result = solve("p", model, competing, verifier, best_score{});
  REQUIRE(result.candidates.size() == 1);
  CHECK(result.answer == "b\nc");
  CHECK(result.spent.model_calls == 4);
}

TEST_CASE("step_level_best_of_n takes the best of n steps and ends with it") {
  toy_tree model{.depth = 3, .letters = 4};
  scripted_verifier verifier(agreement_with("cbd"));
  const auto result = solve("p", model, outthink::step_level_best_of_n(4), verifier, best_score{});
  CHECK(model.batches == std::vector<std::size_t>{4, 4, 4});
  REQUIRE(result.candidates.size() == 1);
  CHECK(letters_of(result.answer) == "cbd");
}

TEST_CASE("value_guided_beam draws K steps a round and keeps b of them") {
  toy_tree model{.depth = 3, .letters = 20};
  scripted_verifier verifier([](std::string_view text) { return letters_of(text).back() - 'a'; });
  const auto result = solve("p", model, outthink::value_guided_beam(20, 4), verifier, best_score{});
  CHECK(model.batches == std::vector<std::size_t>{20, 20, 20});
  CHECK(result.candidates.size() == 4);
  CHECK(letters_of(result.answer).substr(1) == "ee");
  CHECK_THROWS_WITH_AS((void)outthink::value_guided_beam(20, 3),
                       doctest::Contains("multiple of beams"), outthink::error);
  CHECK_THROWS_AS((void)outthink::value_guided_beam(2, 4), outthink::error);
}

// F. Yu et al. 2023: of the candidates a, a, b, b, c three beams keep a, b, c.
TEST_CASE("value_guided_beam keeps different steps") {
  outthink::backends::scripted model(
      [](const outthink::generation_request& asked, outthink::random_stream&) -> std::string {
        return std::string(1, "aabbcc"[asked.ordinal]) + "\n";
      });
  scripted_verifier verifier([](std::string_view text) { return 'z' - letters_of(text).back(); });
  const auto policy = outthink::value_guided_beam(6, 3);
  outthink::beam_search two_rounds = policy;
  two_rounds.max_steps = 2;
  static_cast<void>(solve("p", model, two_rounds, verifier, best_score{}));
  CHECK(std::vector(verifier.steps_scored.begin(), verifier.steps_scored.begin() + 3) ==
        std::vector<std::string>{"a\n", "b\n", "c\n"});
}

TEST_CASE("beam_search ends after max_steps rounds, with what it has") {
  toy_tree model{.depth = 100, .letters = 4};
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  const auto result = solve("p", model, beam_search{.width = 1, .expand = 2, .max_steps = 3},
                            verifier, best_score{});
  CHECK(model.batches.size() == 3);
  CHECK_FALSE(result.has_answer());
  CHECK(result.status == outthink::outcome_status::answered);
}

TEST_CASE("beam_search ranks by the reduction it is told") {
  // b has the better first step, a the better second.
  const auto score = [](std::string_view text) {
    const std::string letters = letters_of(text);
    const bool a = letters[0] == 'a';
    return letters.size() == 1 ? (a ? 0.3 : 0.6) : (a ? 0.9 : 0.5);
  };
  for (const auto reduction : {outthink::step_reduction::last, outthink::step_reduction::min}) {
    toy_tree model{.depth = 3, .letters = 2};
    scripted_verifier verifier(score);
    static_cast<void>(solve("p", model,
                            beam_search{.width = 2, .expand = 1, .reduction = reduction}, verifier,
                            best_score{}));
    REQUIRE(model.prefixes.size() == 6);
    const bool a_first = reduction == outthink::step_reduction::last;
    CHECK(model.prefixes[4] == (a_first ? "a\na\n" : "b\na\n"));
  }
}

TEST_CASE("beam_search refuses options below 1") {
  for (const beam_search& options :
       {beam_search{.width = 0}, beam_search{.expand = 0}, beam_search{.max_steps = 0}}) {
    scripted_verifier verifier([](std::string_view) { return 0.5; });
    const auto result = solve("p", toy_tree{}, options, verifier, best_score{});
    CHECK(result.status == outthink::outcome_status::failed);
    CHECK(result.message.find("beam_search: width, expand and max_steps") != std::string::npos);
  }
}
