// SPDX-License-Identifier: MIT
#include "../archetypes/search.hpp"
#include "../support/same_outcome.hpp"
#include "../support/scripted_verifier.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/plan_search.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace outthink;

static_assert(policy<plan_search<>, archetypes::fruitless_search>);

namespace {

std::string joined(const observation_set& known) {
  std::string text;
  for (const std::string& one : known) text += one + ',';
  return text;
}

/// A letter for what is asked, then what was written before.
struct letter_prompts {
  static std::string observe(std::string_view, const observation_set& known, int) {
    return "O " + joined(known);
  }
  static std::string sketch(std::string_view, const observation_set& known) {
    return "S " + joined(known);
  }
  static std::string criticise(std::string_view, std::string_view sketch) {
    return "C " + std::string(sketch);
  }
  static std::string revise(std::string_view, std::string_view sketch, std::string_view critique) {
    return "R " + std::string(sketch) + "|" + std::string(critique);
  }
  static std::string pseudocode(std::string_view, std::string_view sketch) {
    return "P " + std::string(sketch);
  }
  static std::string program(std::string_view, std::string_view pseudocode) {
    return "X " + std::string(pseudocode);
  }
};

using letters = plan_search<letter_prompts>;

/// Lists `count` observations: "a1", "b1", ... at first, "a2", "b2", ... from then on. All else it
/// answers with the question.
struct writer {
  int count;
  std::map<char, int>* asked;

  std::string operator()(const generation_request& one, random_stream&) const {
    const std::string prompt(one.trace.prompt());
    ++(*asked)[prompt[0]];
    if (prompt[0] != 'O') return prompt;
    std::string list = "Observations:\n";
    for (int i = 0; i < count; ++i) {
      list += std::to_string(i + 1) + ". " + static_cast<char>('a' + i);
      list += (*asked)['O'] == 1 ? "1\n" : "2\n";
    }
    return list;
  }
};

outcome run(const letters& policy, int count, std::map<char, int>& asked,
            const solve_options& options = {}) {
  backends::scripted model(writer{count, &asked});
  return solve("p", model, policy, no_verifier{}, majority_vote{}, options);
}

std::set<std::string> solutions(const outcome& result) {
  std::set<std::string> all;
  for (const candidate& one : result.candidates) all.insert(one.solution);
  return all;
}

}  // namespace

TEST_CASE("plan_search: ten observations make 56 ideas of one layer, and critiques double them") {
  std::map<char, int> asked;
  const auto single = run({.layers = 1, .critique = false}, 10, asked);
  CHECK(single.candidates.size() == 56);
  CHECK(asked == std::map<char, int>{{'O', 1}, {'S', 56}, {'P', 56}, {'X', 56}});
  CHECK(single.spent.model_calls == 1 + 3 * 56);
  asked.clear();
  const auto both = run({.layers = 1}, 10, asked);
  CHECK(both.candidates.size() == 2 * 56);
  CHECK(both.spent.model_calls == 1 + 7 * 56);
  CHECK(solutions(both).size() == 2 * 56);
}

TEST_CASE(
    "plan_search derives observations from each of the 56 sets, for 3136 ideas of two layers") {
  std::map<char, int> asked;
  const auto result = run({.ideas = 10'000, .critique = false}, 10, asked);
  CHECK(asked == std::map<char, int>{{'O', 1 + 56}, {'S', 3136}, {'P', 3136}, {'X', 3136}});
  CHECK(solutions(result).size() == 3136);
}

TEST_CASE("plan_search: equal ideas count once") {
  std::map<char, int> asked{{'O', 1}};  // so that both layers list "a2", "b2"
  const auto result = run({.critique = false}, 2, asked);
  // From {}, {a}, {b}, {a, b}, each with {}, {a}, {b}, {a, b}; in the order in which they came.
  CHECK(solutions(result) ==
        std::set<std::string>{"X P S ", "X P S a2,", "X P S b2,", "X P S a2,b2,", "X P S b2,a2,"});
}

TEST_CASE(
    "plan_search works an idea out with all observations on its way, in words, then pseudocode") {
  std::map<char, int> asked;
  const auto result = run({.observations = 1, .ideas = 100}, 5, asked);
  // Sets: none, {a1}; derived: none and {a2} from both.
  CHECK(solutions(result) == std::set<std::string>{"X P S ", "X P S a2,", "X P S a1,",
                                                   "X P S a1,a2,", "X P R S |C S ",
                                                   "X P R S a2,|C S a2,", "X P R S a1,|C S a1,",
                                                   "X P R S a1,a2,|C S a1,a2,"});
}

TEST_CASE("plan_search draws the ideas that are worked out evenly, by the seed") {
  std::map<std::string, int> counts;
  std::map<char, int> asked;
  solve_options options;
  const int seeds = 2000;
  for (int seed = 0; seed < seeds; ++seed) {
    options.seed = static_cast<std::uint64_t>(seed);
    asked.clear();
    const auto result = run({.layers = 1, .ideas = 2, .critique = false}, 3, asked, options);
    REQUIRE(result.candidates.size() == 2);
    CHECK(result.candidates[0].solution != result.candidates[1].solution);
    for (const candidate& one : result.candidates) ++counts[one.solution];
  }
  // 7 sets, each kept with probability 2 / 7; six standard deviations on either side.
  CHECK(counts.size() == 7);
  for (const auto& [idea, count] : counts) {
    CHECK(count > 571 - 6 * 21);
    CHECK(count < 571 + 6 * 21);
  }
}

TEST_CASE("plan_search: a model that lists nothing has one idea, without observations") {
  std::map<char, int> asked;
  const auto result = run({.critique = false}, 0, asked);
  CHECK(asked == std::map<char, int>{{'O', 2}, {'S', 1}, {'P', 1}, {'X', 1}});
  CHECK(result.answer == "X P S ");
}

TEST_CASE("plan_search: programs alone are solutions; the verifier reads each once") {
  std::map<char, int> asked;
  backends::scripted model(writer{2, &asked});
  test::scripted_verifier verifier(
      [](std::string_view text) { return text.find("a1") != std::string::npos; });
  const letters policy{.layers = 1, .critique = false};
  const auto result = solve("p", model, policy, verifier, best_score{});
  CHECK(result.spent.verifier_calls == 4);
  CHECK(result.answer.find("a1") != std::string::npos);
  for (const std::uint64_t calls : {1U, 2U, 5U, 9U, 12U}) {
    asked.clear();
    solve_options options;
    options.limits.model_calls = calls;
    const auto cut = solve("p", model, policy, no_verifier{}, majority_vote{}, options);
    CHECK(cut.status == outcome_status::budget_spent);
    CHECK(cut.candidates.empty());
  }
}

TEST_CASE("plan_search refuses options out of range") {
  std::map<char, int> asked;
  for (const letters& options : {letters{.observations = 0}, letters{.combined = 0},
                                 letters{.layers = 0}, letters{.ideas = 0}}) {
    const auto result = run(options, 1, asked);
    CHECK(result.status == outcome_status::failed);
    CHECK(result.message.find("plan_search: observations") != std::string::npos);
  }
}
