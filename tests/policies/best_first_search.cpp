// SPDX-License-Identifier: MIT
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/policies/best_first_search.hpp>
#include <outthink/runtime/solve.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using outthink::best_first_search;
using outthink::best_score;
using outthink::solve;
using outthink::test::letters_of;
using outthink::test::scripted_verifier;
using outthink::test::toy_tree;

namespace {

/// The traces in the order in which they were continued.
std::vector<std::string> continued(const toy_tree& model, int expand) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < model.prefixes.size(); i += static_cast<std::size_t>(expand)) {
    all.push_back(letters_of(model.prefixes[i]));
  }
  return all;
}

}  // namespace

TEST_CASE("best_first_search with constant values is breadth first") {
  toy_tree model{.depth = 4, .letters = 2};
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  static_cast<void>(
      solve("p", model, best_first_search{.expansions = 7, .expand = 2}, verifier, best_score{}));
  CHECK(continued(model, 2) == std::vector<std::string>{"", "a", "b", "aa", "ab", "ba", "bb"});
}

TEST_CASE("best_first_search with perfect values goes straight to the solution") {
  toy_tree model{.depth = 4, .letters = 3};
  const std::string right = "bcab";
  scripted_verifier verifier(
      [&](std::string_view text) { return right.starts_with(letters_of(text)) ? 1.0 : 0.0; });
  const auto result =
      solve("p", model, best_first_search{.expand = 3, .solutions = 1}, verifier, best_score{});
  CHECK(letters_of(result.answer) == right);
  CHECK(continued(model, 3) == std::vector<std::string>{"", "b", "bc", "bca"});
}

TEST_CASE("best_first_search goes back to an earlier trace when the later ones disappoint") {
  toy_tree model{.depth = 3, .letters = 2};
  scripted_verifier verifier([](std::string_view text) {
    const std::string letters = letters_of(text);
    return letters == "a" ? 0.9 : letters == "b" ? 0.6 : letters[0] == 'a' ? 0.3 : 0.5;
  });
  static_cast<void>(
      solve("p", model, best_first_search{.expansions = 4, .expand = 2}, verifier, best_score{}));
  CHECK(continued(model, 2) == std::vector<std::string>{"", "a", "b", "ba"});
}

TEST_CASE("best_first_search continues as many traces a round and in all as it is told") {
  toy_tree model{.depth = 20, .letters = 3};
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  static_cast<void>(solve("p", model, best_first_search{.expansions = 6, .expand = 3, .leaves = 4},
                          verifier, best_score{}));
  CHECK(model.batches == std::vector<std::size_t>{3, 9, 6});
}

TEST_CASE("best_first_search leaves traces without a score to the end") {
  toy_tree model{.depth = 3, .letters = 2};
  scripted_verifier verifier(
      [](std::string_view text) { return letters_of(text) == "a" ? std::nan("") : -1.0; });
  const best_first_search all{.expansions = 5, .expand = 2, .solutions = 9};
  static_cast<void>(solve("p", model, all, verifier, best_score{}));
  CHECK(continued(model, 2) == std::vector<std::string>{"", "b", "ba", "bb", "a"});
}

TEST_CASE("best_first_search ends with the queue, and after enough solutions") {
  toy_tree model{.depth = 1, .letters = 2};
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  const auto all =
      solve("p", model, best_first_search{.expand = 2, .solutions = 99}, verifier, best_score{});
  CHECK(all.candidates.size() == 2);
  CHECK(all.spent.model_calls == 2);
}

TEST_CASE("best_first_search refuses options below 1") {
  for (const best_first_search& options :
       {best_first_search{.expansions = 0}, best_first_search{.expand = 0},
        best_first_search{.leaves = 0}, best_first_search{.solutions = 0}}) {
    scripted_verifier verifier([](std::string_view) { return 0.5; });
    const auto result = solve("p", toy_tree{}, options, verifier, best_score{});
    CHECK(result.status == outthink::outcome_status::failed);
    CHECK(result.message.find("best_first_search: ") != std::string::npos);
  }
}
