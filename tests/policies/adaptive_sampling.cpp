// SPDX-License-Identifier: MIT
#include "../support/same_outcome.hpp"
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/adaptive_sampling.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/stopping/adaptive_consistency.hpp>
#include <outthink/stopping/early_stopping_consistency.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using outthink::adaptive_consistency;
using outthink::adaptive_sampling;
using outthink::early_stopping_consistency;
using outthink::majority_vote;
using outthink::no_verifier;
using outthink::solve;
using outthink::test::scripted_verifier;
using outthink::test::toy_tree;

namespace {

/// Notes what it is asked and never stops.
struct watching_rule {
  std::vector<std::vector<std::uint32_t>>* seen;
  bool operator()(std::span<const std::uint32_t> votes) const {
    seen->emplace_back(votes.begin(), votes.end());
    return false;
  }
};

/// Gives these answers in turn.
auto answers_in_turn(std::vector<std::string> answers) {
  return outthink::backends::scripted(
      [answers](const outthink::generation_request& asked, outthink::random_stream&) {
        return answers[asked.ordinal % answers.size()];
      });
}

}  // namespace

TEST_CASE("adaptive_sampling stops as soon as its rule has seen enough") {
  auto model = answers_in_turn({"x"});
  const auto result =
      solve("p", model, adaptive_sampling{.stop = adaptive_consistency{}, .batch = 1},
            no_verifier{}, majority_vote{});
  CHECK(result.spent.model_calls == 4);
  CHECK(result.answer == "x");
  auto window = answers_in_turn({"x", "y", "x", "x", "x", "x", "x"});
  const auto later =
      solve("p", window, adaptive_sampling{.stop = early_stopping_consistency{}, .batch = 5},
            no_verifier{}, majority_vote{});
  CHECK(later.spent.model_calls == 15);  // the first two windows have a y
}

TEST_CASE("adaptive_sampling numbers answers by appearance; those without one do not vote") {
  std::vector<std::vector<std::uint32_t>> seen;
  auto model = answers_in_turn({"b", "a", "", "b", "c"});
  const auto result = solve(
      "p", model, adaptive_sampling{.stop = watching_rule{&seen}, .batch = 2, .max_samples = 5},
      no_verifier{}, majority_vote{});
  REQUIRE(seen.size() == 3);
  CHECK(seen[0] == std::vector<std::uint32_t>{0, 1});
  CHECK(seen[1] == std::vector<std::uint32_t>{0, 1, 0});
  CHECK(seen[2] == std::vector<std::uint32_t>{0, 1, 0, 2});
  CHECK(result.spent.model_calls == 5);
  CHECK(result.answer == "b");
}

TEST_CASE("adaptive_sampling votes on extracted answers") {
  std::vector<std::vector<std::uint32_t>> seen;
  auto model = answers_in_turn({"one way: 7", "another way: 7"});
  outthink::solve_options options;
  options.answer = [](std::string_view solution) {
    return std::string(solution.substr(solution.size() - 1));
  };
  static_cast<void>(solve(
      "p", model, adaptive_sampling{.stop = watching_rule{&seen}, .batch = 2, .max_samples = 2},
      no_verifier{}, majority_vote{}, options));
  REQUIRE(seen.size() == 1);
  CHECK(seen[0] == std::vector<std::uint32_t>{0, 0});
}

TEST_CASE("adaptive_sampling that never stops is repeated sampling") {
  std::vector<std::vector<std::uint32_t>> seen;
  toy_tree model{.depth = 3, .letters = 3, .random = true};
  const auto score = [](std::string_view text) { return static_cast<double>(text.size()) / 10; };
  scripted_verifier verifier(score);
  const auto adaptive = solve(
      "p", model, adaptive_sampling{.stop = watching_rule{&seen}, .batch = 4, .max_samples = 10},
      verifier, majority_vote{});
  const auto repeated =
      solve("p", model, outthink::repeated_sampling{.n = 10}, verifier, majority_vote{});
  CHECK(outthink::test::same(adaptive, repeated));
}

TEST_CASE("adaptive_sampling refuses counts below 1") {
  using policy = adaptive_sampling<adaptive_consistency>;
  for (const policy& options :
       {policy{.stop = {}, .batch = 0}, policy{.stop = {}, .max_samples = 0}}) {
    const auto result = solve("p", toy_tree{}, options, no_verifier{}, majority_vote{});
    CHECK(result.status == outthink::outcome_status::failed);
    CHECK(result.message.find("adaptive_sampling: ") != std::string::npos);
  }
}
