// SPDX-License-Identifier: MIT
#include "../archetypes/search.hpp"
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/concepts/policy.hpp>
#include <outthink/policies/ets.hpp>
#include <outthink/runtime/solve.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using outthink::best_score;
using outthink::efficient_tree_search;
using outthink::ets;
using outthink::solve;
using outthink::test::letters_of;
using outthink::test::scripted_verifier;
using outthink::test::toy_tree;

static_assert(outthink::policy<ets, archetypes::fruitless_search>);

namespace {

/// Scores a trace by its first letter.
auto by_first_letter(std::vector<double> scores) {
  return [scores](std::string_view text) {
    return scores.at(static_cast<std::size_t>(letters_of(text)[0] - 'a'));
  };
}

/// How often each of the first letters was continued in the second round.
std::vector<long> shares(const auto& policy, std::vector<double> scores) {
  toy_tree model{.depth = 2, .letters = static_cast<std::uint32_t>(scores.size())};
  scripted_verifier verifier(by_first_letter(scores));
  static_cast<void>(solve("p", model, policy, verifier, best_score{}));
  std::vector<long> counts;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const std::string step{static_cast<char>('a' + i), '\n'};
    counts.push_back(std::count(model.prefixes.begin(), model.prefixes.end(), step));
  }
  return counts;
}

/// Embeds "a" and "b" in nearly the same direction, other steps in their own.
struct toy_embedder {
  using request = std::string;
  using response = std::vector<float>;
  std::vector<std::string> seen{};

  std::vector<response> answer(std::span<const std::string> texts) {
    std::vector<response> all;
    for (const std::string& text : texts) {
      seen.push_back(text);
      response one(4);
      if (text[0] == 'b')
        one[0] = 1, one[3] = 0.1F;
      else
        one[static_cast<std::size_t>(text[0] - 'a') % 4] = 1;
      all.push_back(one);
    }
    return all;
  }
};

}  // namespace

// Scores .9, .7, .5, .1 give shares of 3, 1, 0 and 0 of 4.
TEST_CASE("ets without cost and coverage keeps what has a share of the width") {
  CHECK(shares(ets{.width = 4, .node_cost = 0, .coverage = 0}, {0.9, 0.7, 0.5, 0.1}) ==
        std::vector<long>{3, 1, 0, 0});
}

// Each of the four nodes costs a quarter of node_cost: more than 1/4 from 1 on, than 3/4 from 3 on.
TEST_CASE("ets drops traces whose share is not worth their node") {
  CHECK(shares(ets{.width = 4, .node_cost = 0.9F, .coverage = 0}, {0.9, 0.7, 0.5, 0.1}) ==
        std::vector<long>{3, 1, 0, 0});
  CHECK(shares(ets{.width = 4, .node_cost = 1.1F, .coverage = 0}, {0.9, 0.7, 0.5, 0.1}) ==
        std::vector<long>{4, 0, 0, 0});
  CHECK(shares(ets{.width = 4, .node_cost = 9, .coverage = 0}, {0.9, 0.7, 0.5, 0.1}) ==
        std::vector<long>{4, 0, 0, 0});
}

// Shares of 2, 2, 0 and 0 of 4. A node costs .275, a cluster is worth .3: all four are kept and
// share 4 as 2, 2, 0, 0; without coverage the two with a share do, as 3, 1.
TEST_CASE("ets keeps every cluster if coverage outweighs the nodes") {
  CHECK(shares(ets{.width = 4, .node_cost = 1.1F, .coverage = 1.2F}, {0.9, 0.8, 0.7, 0.6}) ==
        std::vector<long>{2, 2, 0, 0});
  CHECK(shares(ets{.width = 4, .node_cost = 1.1F, .coverage = 0}, {0.9, 0.8, 0.7, 0.6}) ==
        std::vector<long>{3, 1, 0, 0});
}

TEST_CASE("ets keeps one of the steps that an embedder finds alike") {
  toy_embedder embedder;
  const efficient_tree_search<toy_embedder> policy{
      .width = 4, .temperature = 100, .node_cost = 2, .coverage = 2, .embedder = &embedder};
  // Three clusters, worth 2/3 each; a node costs 1/2 and has a share of 1/4. The second of "a" and
  // "b" would bring 1/4 for 1/2.
  const auto counts = shares(policy, {0.5, 0.6, 0.5, 0.5});
  CHECK(std::count(counts.begin(), counts.end(), 0) == 1);
  CHECK(counts[0] + counts[1] == 2);
  CHECK(counts[2] == 1);
  CHECK(counts[3] == 1);
  CHECK(embedder.seen == std::vector<std::string>{"a\n", "b\n", "c\n", "d\n"});
}

TEST_CASE("ets draws exactly its width a round while nothing has ended") {
  toy_tree model{.depth = 3, .letters = 5};
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  const auto result = solve("p", model, ets{.width = 7}, verifier, best_score{});
  CHECK(model.batches == std::vector<std::size_t>{7, 7, 7});
  CHECK(result.candidates.size() == 7);
}

TEST_CASE("ets refuses options out of range") {
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  for (const ets& options : {ets{.width = 0}, ets{.temperature = 0}, ets{.node_cost = -1},
                             ets{.coverage = -1}, ets{.cut = -1}, ets{.max_steps = 0}}) {
    const auto result = solve("p", toy_tree{}, options, verifier, best_score{});
    CHECK(result.status == outthink::outcome_status::failed);
    CHECK(result.message.find("efficient_tree_search: ") != std::string::npos);
  }
  const auto result =
      solve("p", toy_tree{}, efficient_tree_search<toy_embedder>{}, verifier, best_score{});
  CHECK(result.message.find("an embedder given") != std::string::npos);
}
