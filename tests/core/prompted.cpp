// SPDX-License-Identifier: MIT
#include "../support/scripted_verifier.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/core/prompted.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace outthink;

namespace {

/// Writes the prompt in capitals.
std::string loudly(const generation_request& asked, random_stream&) {
  std::string text(asked.trace.prompt());
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

struct asks_aside {
  task<candidate_nodes> operator()(search auto& s) const {
    std::vector<std::string> prompts{"one", "two"};
    const auto texts = co_await prompted_texts(s, prompts);
    std::vector<std::string> questions;
    for (const std::string& text : texts) questions.push_back("re: " + text);
    const frontier ends = co_await prompted_solutions(s, std::move(questions));
    static_cast<void>(co_await s.score(ends));
    s.retire(ends);
    co_return s.candidates();
  }
};

}  // namespace

TEST_CASE(
    "prompted: texts under other prompts are no solutions, solutions are those of the problem") {
  backends::scripted model(&loudly);
  test::scripted_verifier verifier([](std::string_view) { return 0.5; });
  const auto result = solve("p", model, asks_aside{}, verifier, majority_vote{});
  REQUIRE(result.candidates.size() == 2);
  CHECK(result.candidates[0].solution == "RE: ONE");
  CHECK(result.candidates[1].solution == "RE: TWO");
  CHECK(verifier.steps_scored == std::vector<std::string>{"RE: ONE", "RE: TWO"});
  CHECK(result.spent.model_calls == 4);
}

TEST_CASE("prompted: a budget that ends the search leaves what was written aside out of it") {
  backends::scripted model(&loudly);
  solve_options options;
  options.limits.model_calls = 2;
  const auto result = solve("p", model, asks_aside{}, no_verifier{}, majority_vote{}, options);
  CHECK(result.status == outcome_status::budget_spent);
  CHECK(result.candidates.empty());
}

TEST_CASE("prompted: what was cut is a text, but no solution") {
  backends::scripted model([](const generation_request&, random_stream&) {
    return generation{.text = "cut", .ended = finish::length};
  });
  const auto result = solve("p", model, asks_aside{}, no_verifier{}, majority_vote{});
  CHECK(result.spent.model_calls == 4);
  CHECK(result.candidates.empty());
}
