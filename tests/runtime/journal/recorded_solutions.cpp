// SPDX-License-Identifier: MIT
#include "../../support/same_outcome.hpp"
#include "../../support/temporary_folder.hpp"
#include "recorded.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/journal/recorded_solutions.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using namespace outthink;
using namespace outthink::test;

namespace {

std::string upper(std::string_view answer) {
  return "key of " + std::string(answer.substr(0, 1));
}

/// True if two candidates agree in all that votes look at.
bool agree(const candidate& a, const candidate& b) {
  return a.solution == b.solution && a.answer == b.answer && a.step_ends == b.step_ends &&
         bits_of(a.step_scores) == bits_of(b.step_scores) && a.logprob == b.logprob &&
         a.tokens == b.tokens;
}

}  // namespace

TEST_CASE("recorded_solutions finds the candidates of a search over steps, scores and all") {
  const temporary_folder folder;
  record_run(folder / "a");
  const std::vector<recorded_problem> recorded = recorded_solutions(folder / "a");
  const std::vector<problem> problems = some_problems(6);
  REQUIRE(recorded.size() == problems.size());
  for (const recorded_problem& one : recorded) {
    const auto asked = std::find_if(problems.begin(), problems.end(),
                                    [&](const problem& p) { return p.prompt == one.prompt; });
    REQUIRE(asked != problems.end());
    const outcome& known = uninterrupted()[static_cast<std::size_t>(asked - problems.begin())];
    for (const candidate& wanted : known.candidates) {
      CHECK(std::any_of(one.candidates.begin(), one.candidates.end(),
                        [&](const candidate& found) { return agree(found, wanted); }));
    }
    // The search saw the same solutions, so that the same vote has the same winner.
    const decision again = best_score{}(one.candidates);
    CHECK(one.candidates[again.chosen].answer == known.answer);
  }
}

TEST_CASE("recorded_solutions finds whole solutions, in order, with the scores of each step") {
  const temporary_folder folder;
  paid_model model;
  paid_verifier verifier;
  outcome known;
  {
    journal file(folder / "a");
    journaled kept(file, "model", model);
    journaled judge(file, "verifier", verifier);
    known = solve("p\n", kept, repeated_sampling{.n = 5}, judge, best_score{});
  }
  const std::vector<recorded_problem> recorded = recorded_solutions(folder / "a");
  REQUIRE(recorded.size() == 1);
  REQUIRE(recorded[0].candidates.size() == known.candidates.size());
  for (std::size_t i = 0; i < known.candidates.size(); ++i) {
    CHECK(agree(recorded[0].candidates[i], known.candidates[i]));
    CHECK(recorded[0].candidates[i].steps() == 3);
  }

  const auto keyed = recorded_solutions(folder / "a", {.key = &upper});
  CHECK(keyed[0].candidates[0].key == upper(known.candidates[0].answer));
  CHECK(recorded_solutions(folder / "a", {.model = "another"}).empty());
  const auto unscored = recorded_solutions(folder / "a", {.judge = "another"});
  CHECK(unscored[0].candidates.size() == 5);
  CHECK(unscored[0].candidates[0].step_scores.empty());
}
