// SPDX-License-Identifier: MIT
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/dvts.hpp>
#include <outthink/runtime/solve.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using outthink::best_score;
using outthink::dvts;
using outthink::solve;
using outthink::test::letters_of;
using outthink::test::scripted_verifier;
using outthink::test::toy_tree;

TEST_CASE("dvts: each subtree keeps its own best, even if all of another are better") {
  toy_tree model{.depth = 3, .letters = 4};
  // The later the first letter the better; within it the later the last letter the better.
  scripted_verifier verifier([](std::string_view text) {
    const std::string letters = letters_of(text);
    return (letters.front() - 'a') / 4.0 + (letters.back() - 'a') / 20.0;
  });
  const auto result = solve("p", model, dvts{.subtrees = 2, .expand = 2}, verifier, best_score{});
  CHECK(model.batches == std::vector<std::size_t>{4, 4, 4});
  CHECK(verifier.batches == std::vector<std::size_t>{4, 4, 4});
  std::vector<std::string> found;
  for (const auto& made : result.candidates) found.push_back(letters_of(made.solution));
  CHECK(found == std::vector<std::string>{"bba", "bbb", "dba", "dbb"});
  CHECK(letters_of(result.answer) == "dbb");
}

TEST_CASE("dvts keeps the earlier of equal steps") {
  toy_tree model{.depth = 2, .letters = 4};
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  static_cast<void>(solve("p", model, dvts{.subtrees = 2, .expand = 2}, verifier, best_score{}));
  REQUIRE(model.prefixes.size() == 8);
  CHECK(model.prefixes[4] == "a\n");
  CHECK(model.prefixes[6] == "c\n");
}

TEST_CASE("dvts of one subtree and one continuation is a single chain") {
  toy_tree model{.depth = 5, .letters = 3};
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  const auto result = solve("p", model, dvts{.subtrees = 1, .expand = 1}, verifier, best_score{});
  CHECK(model.batches == std::vector<std::size_t>{1, 1, 1, 1, 1});
  CHECK(letters_of(result.answer) == "aaaaa");
}

TEST_CASE("dvts: a subtree ends with its best step, the others go on") {
  // The first subtree's best is "done"; the second's goes on for a step.
  outthink::backends::scripted model(
      [](const outthink::generation_request& asked, outthink::random_stream&) -> std::string {
        if (asked.trace.steps() > 0 || asked.ordinal == 0) return "done";
        return "step\n";
      });
  scripted_verifier verifier([](std::string_view text) { return text == "done" ? 1.0 : 0.5; });
  const auto result = solve("p", model, dvts{.subtrees = 2, .expand = 2}, verifier, best_score{});
  REQUIRE(result.candidates.size() == 3);
  CHECK(result.candidates[0].solution == "done");
  CHECK(result.candidates[1].solution == "step\ndone");
  CHECK(result.spent.model_calls == 4 + 2);
}

TEST_CASE("dvts refuses options below 1") {
  for (const dvts& options : {dvts{.subtrees = 0}, dvts{.expand = 0}, dvts{.max_steps = 0}}) {
    scripted_verifier verifier([](std::string_view) { return 0.5; });
    const auto result = solve("p", toy_tree{}, options, verifier, best_score{});
    CHECK(result.status == outthink::outcome_status::failed);
    CHECK(result.message.find("dvts: subtrees, expand and max_steps") != std::string::npos);
  }
}
