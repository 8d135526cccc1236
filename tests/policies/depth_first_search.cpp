// SPDX-License-Identifier: MIT
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/policies/depth_first_search.hpp>
#include <outthink/runtime/solve.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using outthink::best_score;
using outthink::depth_first_search;
using outthink::solve;
using outthink::test::letters_of;
using outthink::test::scripted_verifier;
using outthink::test::toy_tree;

namespace {

/// The traces in the order in which they were continued by two steps each.
std::vector<std::string> continued(const auto& score, const depth_first_search& policy) {
  toy_tree model{.depth = 3, .letters = 2};
  scripted_verifier verifier(score);
  static_cast<void>(solve("p", model, policy, verifier, best_score{}));
  std::vector<std::string> all;
  for (std::size_t i = 0; i < model.prefixes.size(); i += 2) {
    all.push_back(letters_of(model.prefixes[i]));
  }
  return all;
}

}  // namespace

TEST_CASE("depth_first_search follows a step to its end before the next") {
  const auto even = [](std::string_view) { return 0.5; };
  CHECK(continued(even, {.expand = 2, .solutions = 99}) ==
        std::vector<std::string>{"", "a", "aa", "ab", "b", "ba", "bb"});
  CHECK(continued(even, {.expand = 2, .solutions = 1}) == std::vector<std::string>{"", "a", "aa"});
}

TEST_CASE("depth_first_search takes the better step first") {
  const auto later = [](std::string_view text) {
    return letters_of(text).back() == 'b' ? 0.9 : 0.2;
  };
  CHECK(continued(later, {.expand = 2, .solutions = 99}) ==
        std::vector<std::string>{"", "b", "bb", "ba", "a", "ab", "aa"});
}

TEST_CASE("depth_first_search prunes up to the threshold, and what has no score, and backtracks") {
  const auto score = [](std::string_view text) {
    const std::string letters = letters_of(text);
    return letters == "aa" ? 0.25 : letters == "ab" ? std::nan("") : 0.5;
  };
  CHECK(continued(score, {.expand = 2, .threshold = 0.25F, .solutions = 99}) ==
        std::vector<std::string>{"", "a", "b", "ba", "bb"});
}

TEST_CASE("depth_first_search continues no more traces than it is told") {
  const auto even = [](std::string_view) { return 0.5; };
  CHECK(continued(even, {.expand = 2, .expansions = 5, .solutions = 99}).size() == 5);
}

TEST_CASE("depth_first_search refuses counts below 1") {
  for (const depth_first_search& options :
       {depth_first_search{.expand = 0}, depth_first_search{.expansions = 0},
        depth_first_search{.solutions = 0}}) {
    scripted_verifier verifier([](std::string_view) { return 0.5; });
    const auto result = solve("p", toy_tree{}, options, verifier, best_score{});
    CHECK(result.status == outthink::outcome_status::failed);
    CHECK(result.message.find("depth_first_search: ") != std::string::npos);
  }
}
