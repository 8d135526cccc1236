// SPDX-License-Identifier: MIT
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/runtime/outcome_builder.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using outthink::candidate;
using outthink::node_id;
using outthink::node_status;
using outthink::outcome;
using outthink::text_tree;
using outthink::whole_solution;
using outthink::detail::choose_answer;
using outthink::detail::make_candidate;

namespace {

node_id step(text_tree& tree, node_id parent, std::string_view text, float score) {
  const node_id node = tree.add_children(parent, 1)[0];
  tree.set_payload(node, {text, 2, -0.5F}, node_status::open);
  tree.score(node) = score;
  if (text.empty()) tree.set_stepless(node);
  return node;
}

std::string last_character(std::string_view solution) {
  return std::string(solution.substr(solution.size() - 1));
}

}  // namespace

TEST_CASE("make_candidate copies a trace with its steps, scores, tokens and log-probability") {
  text_tree tree({.text = "p"});
  const node_id end =
      step(tree, step(tree, step(tree, tree.root(), "one\n", .5F), "two\n", .25F), "3", .75F);
  const candidate made = make_candidate(tree, end, &last_character);
  CHECK(made.solution == "one\ntwo\n3");
  CHECK(made.answer == "3");
  CHECK(made.step_ends == std::vector<std::uint32_t>{4, 8, 9});
  CHECK(made.step_scores == std::vector<float>{.5F, .25F, .75F});
  CHECK(made.tokens == 6);
  CHECK(made.logprob == -1.5);
}

TEST_CASE("make_candidate: a node that merely ends its trace adds tokens but no step") {
  text_tree tree({.text = "p"});
  const node_id end = step(tree, step(tree, tree.root(), "one\n", .5F), "", NAN);
  const candidate made = make_candidate(tree, end, &whole_solution);
  CHECK(made.solution == "one\n");
  CHECK(made.step_ends == std::vector<std::uint32_t>{4});
  CHECK(made.step_scores == std::vector<float>{.5F});
  CHECK(made.tokens == 4);
  const candidate nothing = make_candidate(tree, step(tree, tree.root(), "", NAN), &whole_solution);
  CHECK(nothing.solution.empty());
  CHECK(nothing.steps() == 0);
}

TEST_CASE("make_candidate carries no scores if no step has one") {
  text_tree tree({.text = "p"});
  const node_id first = step(tree, tree.root(), "one\n", NAN);
  CHECK(make_candidate(tree, first, &whole_solution).step_scores.empty());
  const node_id second = step(tree, first, "two", .5F);
  const candidate half = make_candidate(tree, second, &whole_solution);
  REQUIRE(half.step_scores.size() == 2);
  CHECK(std::isnan(half.step_scores[0]));
  CHECK(half.step_scores[1] == .5F);
}

TEST_CASE("choose_answer fills an outcome with the aggregator's choice") {
  text_tree tree({.text = "p"});
  const std::vector<node_id> ends{step(tree, tree.root(), "x1", NAN),
                                  step(tree, tree.root(), "y2", NAN),
                                  step(tree, tree.root(), "z2", NAN)};
  outcome result;
  choose_answer(result, tree, ends, outthink::majority_vote{}, &last_character);
  CHECK(result.candidates.size() == 3);
  CHECK(result.chosen == 1);
  CHECK(result.answer == "2");
  CHECK(result.best().solution == "y2");
  outcome empty;
  choose_answer(empty, tree, {}, outthink::majority_vote{}, &last_character);
  CHECK_FALSE(empty.has_answer());
}

TEST_CASE("make_candidate asks for the key of an answer, and for none of no answer") {
  text_tree tree({.text = "p"});
  const node_id end = step(tree, tree.root(), "0.50", NAN);
  const auto key = [](std::string_view) { return std::string("1/2"); };
  const candidate made = make_candidate(tree, end, &whole_solution, key);
  CHECK(made.answer == "0.50");
  CHECK(made.key == "1/2");
  const auto no_answer = [](std::string_view) { return std::string(); };
  CHECK(make_candidate(tree, end, no_answer, key).key.empty());
}
