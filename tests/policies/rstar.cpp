// SPDX-License-Identifier: MIT
#include "../archetypes/search.hpp"
#include "../support/toy_tree.hpp"
#include "../support/watched.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/mutual_consistency.hpp>
#include <outthink/policies/rstar.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace outthink;

static_assert(policy<rstar<>, archetypes::fruitless_search>);

namespace {

/// Prompts of a letter for the action and the letters of the steps so far.
struct letter_prompts {
  std::string operator()(rstar_step next, const trace_view& trace) const {
    return std::string(1, "QTSUNR"[static_cast<int>(next)]) + ":" + trace.solution();
  }
};

/// Writes the action's small letter; of four solutions one gives another answer.
generation by_letters(const generation_request& asked, random_stream&) {
  const char action = asked.trace.prompt()[0];
  generation made;
  made.text = std::string(1, static_cast<char>(action - 'A' + 'a'));
  if (action == 'S') made.text = asked.ordinal % 4 == 3 ? "!no" : "!yes";
  made.ended = action == 'S' ? finish::text_end : finish::step_end;
  made.spent.tokens_written = 1;
  return made;
}

std::string behind_mark(std::string_view solution) {
  return std::string(solution.substr(solution.find('!') + 1));
}

using letters = rstar<letter_prompts>;

outcome run(const auto& policy, const solve_options& options = {}) {
  backends::scripted model(&by_letters);
  return solve("p", model, policy, no_verifier{}, majority_vote{}, options);
}

solve_options with_answers() {
  solve_options options;
  options.answer = &behind_mark;
  return options;
}

}  // namespace

TEST_CASE("rstar draws the children of a node by every action that may follow, in one round") {
  std::map<std::string, std::set<char>> asked;  // by the steps so far
  std::size_t calls = 0;
  backends::scripted model([&](const generation_request& one, random_stream& random) {
    const std::string prompt(one.trace.prompt());
    asked[prompt.substr(2)].insert(prompt[0]);
    ++calls;
    return by_letters(one, random);
  });
  const auto result = solve("p", model, letters{.rollouts = 40, .steps = 1, .votes = 4},
                            no_verifier{}, majority_vote{}, with_answers());
  CHECK(result.spent.model_calls == calls);
  REQUIRE(asked.size() > 20);
  std::set<char> lasts;
  for (const auto& [steps, actions] : asked) {
    const char last = steps.empty() ? 'q' : steps.back();
    lasts.insert(last);
    CHECK(actions == (last == 'q'   ? std::set{'T', 'S', 'U', 'R'}
                      : last == 't' ? std::set{'T', 'S'}
                      : last == 'u' ? std::set{'T', 'S', 'U', 'N'}
                                    : std::set{'T', 'S', 'U'}));
  }
  CHECK(lasts == std::set{'q', 't', 'u', 'n', 'r'});
}

TEST_CASE("rstar: a problem's first round draws twice `steps`, `votes` and a rephrasing") {
  const auto result = run(letters{.rollouts = 5, .max_depth = 1}, with_answers());
  CHECK(result.spent.model_calls == 2 * 3 + 32 + 1);
  REQUIRE(result.candidates.size() == 1);
  CHECK(result.answer == "yes");
}

// With one step deep trees the bandit of a thought, a sub-question and a rephrasing, worth nothing,
// and of a solution, worth the share of its answer among the votes: .75.
TEST_CASE("rstar backs the share of the votes up, and walks by UCT with weight 2") {
  constexpr int kRollouts = 60;
  std::vector<std::uint32_t> visits;
  const test::watched policy{
      letters{.rollouts = kRollouts, .steps = 1, .votes = 4, .max_depth = 1},
      [&](const text_tree& tree) {
        CHECK(tree.visits(tree.root()) == kRollouts);
        tree.for_each_child(tree.root(), [&](node_id child) {
          visits.insert(visits.begin(), tree.visits(child));
          const bool whole = tree.status(child) == node_status::finished;
          CHECK(tree.value(child) == (whole ? .75F * static_cast<float>(tree.visits(child)) : 0));
        });
      }};
  static_cast<void>(run(policy, with_answers()));
  std::vector<std::uint32_t> expected(4, 1);
  const std::vector<double> worth{0, 0, 0, .75};
  for (int i = 4; i < kRollouts; ++i) {
    const auto bound = [&](std::size_t k) {
      return worth[k] + 2 * std::sqrt(std::log(i) / expected[k]);
    };
    std::size_t best = 0;
    for (std::size_t k = 1; k < 4; ++k) best = bound(k) > bound(best) ? k : best;
    ++expected[best];
  }
  CHECK(visits == expected);
}

TEST_CASE("rstar: a trace is not longer than max_depth steps, and ends with a solution") {
  const auto result =
      run(letters{.rollouts = 60, .steps = 2, .votes = 2, .max_depth = 3}, with_answers());
  CHECK(result.candidates.size() > 10);
  for (const candidate& made : result.candidates) {
    CHECK(made.step_ends.size() <= 3);
    CHECK(made.answer == "yes");
    CHECK(made.solution.find('!') + 4 == made.solution.size());
  }
}

TEST_CASE("rstar: other steps complete a solution where they are told to") {
  const auto result = run(letters{.rollouts = 30,
                                  .steps = 1,
                                  .votes = 1,
                                  .ends = [](std::string_view step) { return step == "u"; }},
                          with_answers());
  bool by_subquestion = false;
  for (const candidate& made : result.candidates) {
    by_subquestion = by_subquestion || made.solution.ends_with("u");
    CHECK(made.solution.substr(0, made.solution.size() - 1).find('u') == std::string::npos);
  }
  CHECK(by_subquestion);
}

TEST_CASE("rstar ends where nothing can be drawn whole") {
  backends::scripted cut([](const generation_request&, random_stream&) {
    return generation{.text = "x", .ended = finish::length};
  });
  const auto result = solve("p", cut, rstar<>{.rollouts = 3}, no_verifier{}, majority_vote{});
  CHECK(result.status == outcome_status::answered);
  CHECK(result.candidates.empty());
  CHECK(result.spent.model_calls == 2 * 3 + 32 + 1);  // once
}

TEST_CASE("rstar with mutual_consistency keeps what a second model agrees with") {
  backends::scripted second(
      [](const generation_request&, random_stream&) { return std::string("!yes"); });
  const mutual_consistency<letters, decltype(second)> policy{
      .base = {.rollouts = 8, .steps = 1, .votes = 4}, .second = &second};
  const auto result = run(policy, with_answers());
  CHECK(result.answer == "yes");
  CHECK(result.confidence == 1);
}

TEST_CASE("rstar refuses options out of range") {
  for (const letters& options : {letters{.rollouts = 0}, letters{.steps = 0}, letters{.votes = 0},
                                 letters{.max_depth = 0}, letters{.exploration = -1}}) {
    const auto result = run(options);
    CHECK(result.status == outcome_status::failed);
    CHECK(result.message.find("rstar: counts") != std::string::npos);
  }
}
