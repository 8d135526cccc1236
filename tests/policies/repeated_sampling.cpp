// SPDX-License-Identifier: MIT
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <set>
#include <string>
#include <vector>

using outthink::majority_vote;
using outthink::no_verifier;
using outthink::repeated_sampling;
using outthink::solve;
using outthink::test::toy_tree;

TEST_CASE("repeated_sampling: the first samples of a larger run are those of a smaller one") {
  const toy_tree model{.depth = 4, .letters = 20, .random = true};
  const auto few =
      solve("p", toy_tree(model), repeated_sampling{.n = 5}, no_verifier{}, majority_vote{});
  const auto many =
      solve("p", toy_tree(model), repeated_sampling{.n = 40}, no_verifier{}, majority_vote{});
  REQUIRE(few.candidates.size() == 5);
  REQUIRE(many.candidates.size() == 40);
  std::set<std::string> different;
  for (std::size_t i = 0; i < 40; ++i) {
    if (i < 5) CHECK(few.candidates[i].solution == many.candidates[i].solution);
    different.insert(many.candidates[i].solution);
  }
  CHECK(different.size() > 30);
}

TEST_CASE("repeated_sampling asks for all solutions in one round and all scores in another") {
  toy_tree model;
  outthink::test::scripted_verifier verifier([](std::string_view text) { return text.size(); });
  const auto result = solve("p", model, repeated_sampling{.n = 6}, verifier, majority_vote{});
  CHECK(model.batches == std::vector<std::size_t>{6});
  CHECK(verifier.batches == std::vector<std::size_t>{6});
  CHECK(result.spent.model_calls == 6);
  CHECK(result.spent.verifier_calls == 6);
  for (const auto& made : result.candidates) {
    CHECK(made.step_scores == std::vector<float>{2, 4, 5});
  }
}

TEST_CASE("repeated_sampling of no solution is refused") {
  for (const int n : {0, -1}) {
    const auto result =
        solve("p", toy_tree{}, repeated_sampling{.n = n}, no_verifier{}, majority_vote{});
    CHECK(result.status == outthink::outcome_status::failed);
    CHECK(result.message.ends_with("repeated_sampling.n must be at least 1"));
  }
}
