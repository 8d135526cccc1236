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
