// SPDX-License-Identifier: MIT
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/policies/mutual_consistency.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using namespace outthink;
using outthink::test::letters_of;
using outthink::test::toy_tree;

namespace {

/// Completes "a…" as the toy tree's model ends it, and everything else with an answer of its own.
struct second_model {
  using request = generation_request;
  using response = generation;
  std::vector<std::size_t> seen{};  ///< steps of each trace

  std::vector<generation> answer(std::span<const generation_request> requests) {
    std::vector<generation> all;
    for (const generation_request& asked : requests) {
      const std::string letters = letters_of(asked.trace.solution());
      seen.push_back(letters.size());
      std::string rest;
      for (std::size_t at = letters.size(); at < 10; ++at) {
        rest += at > 0 && letters[0] != 'a' ? 'z' : at + 1 < 10 ? 'x' : 'a';
        if (at + 1 < 10) rest += '\n';
      }
      all.push_back({.text = rest, .ended = finish::text_end});
    }
    return all;
  }
};

using consistent_samples = mutual_consistency<repeated_sampling, second_model>;

outcome run(const consistent_samples& policy, toy_tree model) {
  solve_options options;
  options.answer = [](std::string_view solution) {
    return std::string(solution.substr(solution.size() - 1));
  };
  return solve("p", model, policy, no_verifier{}, majority_vote{}, options);
}

}  // namespace

// Solutions are aaa…, bbb… and ccc…, their answers the last letter; the second model ends in "a"
// where it sees an "a", and in "z" elsewhere.
TEST_CASE("mutual_consistency keeps what the second model ends with the same answer") {
  second_model second;
  const auto result = run({.base = {.n = 6}, .second = &second, .least = 0.2F, .most = 0.8F},
                          toy_tree{.depth = 10, .letters = 3});
  REQUIRE(result.candidates.size() == 2);
  for (const auto& kept : result.candidates) CHECK(letters_of(kept.solution)[0] == 'a');
  CHECK(result.spent.model_calls == 12);
}

TEST_CASE("mutual_consistency shows the second model a share of the steps within its limits") {
  second_model second;
  static_cast<void>(run({.base = {.n = 300}, .second = &second, .least = 0.2F, .most = 0.8F},
                        toy_tree{.depth = 10, .letters = 3}));
  REQUIRE(second.seen.size() == 300);
  std::vector<int> counts(11);
  for (const std::size_t steps : second.seen) ++counts[steps];
  for (const std::size_t steps : {0U, 1U, 8U, 9U, 10U}) CHECK(counts[steps] == 0);
  for (std::size_t steps = 2; steps < 8; ++steps) CHECK(counts[steps] > 20);  // 50 on average
}

TEST_CASE("mutual_consistency asks for several completions of each candidate") {
  second_model second;
  const auto result = run({.base = {.n = 4}, .second = &second, .completions = 3},
                          toy_tree{.depth = 10, .letters = 1});
  CHECK(result.candidates.size() == 4);
  CHECK(result.spent.model_calls == 4 + 12);
}

TEST_CASE("mutual_consistency keeps everything if nothing is consistent") {
  struct silent {
    using request = generation_request;
    using response = generation;
    std::vector<generation> answer(std::span<const generation_request> requests) const {
      return std::vector<generation>(requests.size(), {.text = "?", .ended = finish::length});
    }
  } nothing;
  const auto all =
      solve("p", toy_tree{.depth = 3},
            mutual_consistency<repeated_sampling, silent>{.base = {.n = 5}, .second = &nothing},
            no_verifier{}, majority_vote{});
  CHECK(all.candidates.size() == 5);
}

TEST_CASE("mutual_consistency refuses options out of range") {
  second_model second;
  for (const consistent_samples& options :
       {consistent_samples{}, consistent_samples{.second = &second, .completions = 0},
        consistent_samples{.second = &second, .least = 0.9F},
        consistent_samples{.second = &second, .most = 1.1F}}) {
    const auto result = run(options, toy_tree{});
    CHECK(result.status == outcome_status::failed);
    CHECK(result.message.find("mutual_consistency: ") != std::string::npos);
  }
}
