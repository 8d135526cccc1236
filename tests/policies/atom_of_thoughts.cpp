// SPDX-License-Identifier: MIT
#include "../archetypes/search.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/atom_of_thoughts.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace outthink;

static_assert(policy<atom_of_thoughts<>, archetypes::fruitless_search>);

namespace {

struct bare_prompts {
  static std::string decompose(std::string_view question, std::string_view solution) {
    return "D " + std::string(question) + " " + std::string(solution);
  }
  static std::string contract(std::string_view question, std::string_view solution,
                              std::span<const sub_question> parts) {
    std::string prompt = "C " + std::string(question) + " " + std::string(solution);
    for (const sub_question& one : parts) {
      if (one.independent()) prompt += " known:" + one.answer;
    }
    return prompt;
  }
  static std::string solve(std::string_view question) { return std::string(question); }
};

using bare = atom_of_thoughts<bare_prompts>;

/// Sums with a letter for each contraction: a 3-chain, taken apart and contracted link by link.
/// Notes what it is asked.
struct writer {
  std::vector<std::string>* asked;
  std::vector<std::string> lists;  // for the decompositions, in order

  std::string operator()(const generation_request& one, random_stream&) const {
    const std::string prompt(one.trace.prompt());
    int decompositions = 0;
    for (const std::string& earlier : *asked) decompositions += earlier[0] == 'D' ? 1 : 0;
    asked->push_back(prompt);
    if (prompt[0] == 'D') return lists[static_cast<std::size_t>(decompositions)];
    if (prompt[0] == 'C') return "so <question>Q" + std::to_string(decompositions) + "</question>";
    return "answer to " + prompt;
  }
};

const char* const kChain = "1. a | 1\n2. #1 b | 2\n3. #2 c | 3\n";
const char* const kPair = "1. a | 1\n2. b | 2\n3. #1 #2 c | 3\n";
const char* const kAtom = "1. a | 1\n";

outcome run(const bare& policy, std::vector<std::string> lists, std::vector<std::string>& asked,
            const solve_options& options = {}) {
  backends::scripted model(writer{&asked, std::move(lists)});
  return solve("Q", model, policy, no_verifier{}, majority_vote{}, options);
}

}  // namespace

TEST_CASE("atom_of_thoughts contracts until the question is atomic") {
  std::vector<std::string> asked;
  const auto result = run({}, {kChain, kPair, kAtom}, asked);
  CHECK(asked == std::vector<std::string>{"Q", "Q", "D Q answer to Q", "C Q answer to Q known:1",
                                          "Q1", "D Q1 answer to Q1",
                                          "C Q1 answer to Q1 known:1 known:2", "Q2",
                                          "D Q2 answer to Q2"});
  REQUIRE(result.candidates.size() == 3);  // direct, taken apart, contracted
  CHECK(result.candidates[0].solution == "answer to Q");
  CHECK(result.candidates[1].solution == "answer to Q");
  CHECK(result.candidates[2].solution == "answer to Q2");
}

TEST_CASE("atom_of_thoughts: published code contracts once") {
  std::vector<std::string> asked;
  const auto result = run({.contractions = 1}, {kChain}, asked);
  CHECK(result.spent.model_calls == 2 + 3);
  REQUIRE(result.candidates.size() == 3);
  CHECK(result.candidates[2].solution == "answer to Q1");
}

TEST_CASE(
    "atom_of_thoughts: the first of equal answers wins a vote, the direct one before others") {
  int solved = 0;
  backends::scripted model([&](const generation_request& one, random_stream&) {
    const std::string_view prompt = one.trace.prompt();
    if (prompt[0] == 'D') return std::string(kPair);
    if (prompt[0] == 'C') return std::string("<question>Q</question>");
    return std::to_string(solved++);
  });
  const bare policy{.contractions = 1};
  const auto result = solve("Q", model, policy, no_verifier{}, majority_vote{});
  CHECK(result.candidates.size() == 3);
  CHECK(result.answer == "0");
}

TEST_CASE(
    "atom_of_thoughts: an atomic question, or one that stays in a circle, is not contracted") {
  std::vector<std::string> asked;
  CHECK(run({}, {kAtom}, asked).candidates.size() == 2);
  CHECK(asked.size() == 3);
  asked.clear();
  const char* const circle = "1. #2\n2. #1\n";
  CHECK(run({}, {circle, circle, circle}, asked).candidates.size() == 2);
  CHECK(asked.size() == 2 + 3);
  asked.clear();
  CHECK(run({.contractions = 1}, {circle, "1. #7\n", kPair}, asked).candidates.size() == 3);
  CHECK(asked.size() == 2 + 3 + 2);
  asked.clear();
  CHECK(run({.contractions = 0}, {}, asked).spent.model_calls == 2);
}

TEST_CASE("atom_of_thoughts: a budget leaves the solutions of the question itself") {
  for (const std::uint64_t calls : {2U, 3U, 4U}) {
    std::vector<std::string> asked;
    solve_options options;
    options.limits.model_calls = calls;
    const auto result = run({}, {kChain, kPair, kAtom}, asked, options);
    CHECK(result.status == outcome_status::budget_spent);
    CHECK(result.candidates.size() == 2);
  }
}

TEST_CASE("atom_of_thoughts refuses options out of range") {
  std::vector<std::string> asked;
  for (const bare& options : {bare{.contractions = -1}, bare{.tries = 0}}) {
    const auto result = run(options, {}, asked);
    CHECK(result.status == outcome_status::failed);
    CHECK(result.message.find("atom_of_thoughts: contractions") != std::string::npos);
  }
}
