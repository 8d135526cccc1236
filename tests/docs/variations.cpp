// SPDX-License-Identifier: MIT
// Snippets of docs/tutorials/first-search.md and docs/how-to/keep-within-a-budget.md.
#include <outthink/core/generators.hpp>
#include <outthink/outthink.hpp>
#include <outthink/policies/monte_carlo_tree_search/uct.hpp>
#include <outthink/policies/multi_armed_bandit.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <vector>

using namespace outthink;

namespace {

/// Writes three digits, one per step.
std::string three_digits(const generation_request& asked, random_stream& random) {
  std::string text;
  for (std::size_t i = asked.trace.steps(); i < 3; ++i) {
    text += std::to_string(random.below(10)) + (i < 2 ? "\n" : "");
    if (asked.until == extent::step) break;
  }
  return text;
}

/// Likes large digits: a step is worth a tenth of its own.
struct first_digit {
  using request = score_request;
  using response = verdict;

  std::vector<verdict> answer(std::span<const score_request> requests) const {
    std::vector<verdict> verdicts(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const auto steps = requests[i].trace.step_texts();
      for (std::size_t step = requests[i].from; step < steps.size(); ++step) {
        verdicts[i].scores.push_back(static_cast<float>(steps[step][0] - '0') / 10);
      }
    }
    return verdicts;
  }
};

}  // namespace

TEST_CASE("docs: another policy is another argument") {
  backends::scripted model{&three_digits};
  first_digit verifier;
  const problem question = "three digits\n";

  // Five subtrees that do not compete: the vote is as wide as the search.
  const auto subtrees = solve(question, model, dvts{.subtrees = 5}, verifier, weighted_vote{});
  // A tree that grows where it promises most.
  const auto tree = solve(question, model, tree_search{.simulations = 40}, verifier, best_score{});
  // Whole solutions and no search at all: best-of-N.
  const auto samples = solve(question, model, repeated_sampling{.n = 20}, verifier, best_score{});

  CHECK(subtrees.candidates.size() >= 5);
  CHECK(tree.has_answer());
  CHECK(samples.candidates.size() == 20);
}

TEST_CASE("docs: parts of a tree search, and several models") {
  backends::scripted model{&three_digits}, other{&three_digits};
  first_digit verifier;
  const problem question = "three digits\n";

  const monte_carlo_tree_search<uct> by_rollouts{
      .simulations = 20, .value = step_value::rollout, .select = {.exploration = 1}};
  const auto tree = solve(question, model, by_rollouts, verifier, best_score{});
  CHECK(tree.has_answer());

  const model_generators<decltype(model), decltype(other)> models{{&model, &other}};
  const multi_armed_bandit<decltype(models)> bandit{.pulls = 12, .generators = models};
  const auto several = solve(question, model, bandit, verifier, best_score{});
  CHECK(several.candidates.size() == 12);
}

TEST_CASE("docs: a budget ends a search with its best answer so far") {
  backends::scripted model{&three_digits};
  first_digit verifier;
  const tree_search policy{.simulations = 200};
  const problem question = "three digits\n";

  const solve_options options{.limits = {.tokens = 400, .verifier_calls = 150}};
  const outcome result = solve(question, model, policy, verifier, best_score{}, options);

  CHECK(result.status == outcome_status::budget_spent);
  CHECK(result.has_answer());
  CHECK(result.spent.tokens <= 400);
  CHECK(result.spent.verifier_calls <= 150);
}

TEST_CASE("docs: a round shares what is left of the tokens") {
  backends::scripted model{[](const generation_request& asked, random_stream&) {
    generation written;
    written.text = std::string(asked.max_tokens, 'x');
    written.ended = finish::length;
    written.spent.tokens_written = asked.max_tokens;
    return written;
  }};
  const solve_options options{.limits = {.tokens = 1000}};
  const outcome result =
      solve("p", model, repeated_sampling{.n = 16}, no_verifier{}, majority_vote{}, options);
  CHECK(result.spent.tokens == 16 * 62);  // each may write 1000 / 16 tokens
  CHECK_FALSE(result.has_answer());       // all were cut
}

TEST_CASE("docs: a flag ends a run from outside") {
  backends::scripted model{&three_digits};
  first_digit verifier;
  const std::vector<problem> problems{"a\n", "b\n"};

  std::atomic<bool> enough{false};  // set by a signal handler, another thread, ...
  const solve_options options{.cancel = &enough};
  const std::vector<outcome> outcomes =
      solve_all(problems, model, beam_search{}, verifier, best_score{}, options);

  CHECK(outcomes.size() == 2);
  CHECK(outcomes[0].status == outcome_status::answered);
}
