// SPDX-License-Identifier: MIT
// Snippets of docs/reference/tournaments.md and of its neighbour on programs.
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/b4.hpp>
#include <outthink/aggregators/codet.hpp>
#include <outthink/aggregators/filter_and_cluster.hpp>
#include <outthink/aggregators/functional_consensus.hpp>
#include <outthink/aggregators/knockout.hpp>
#include <outthink/backends/scripted_comparer.hpp>
#include <outthink/outthink.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <vector>

using namespace outthink;

namespace {

std::vector<candidate> programs(const std::vector<std::string>& behaviours) {
  std::vector<candidate> made(behaviours.size());
  for (std::size_t i = 0; i < made.size(); ++i) {
    made[i].answer = "def f(x): ...";
    made[i].key = behaviours[i];
  }
  return made;
}

}  // namespace

TEST_CASE("the documented knockout finds a long draft") {
  backends::scripted model([](const generation_request& asked, random_stream&) {
    return std::string(1 + asked.ordinal * 7 % 8, 'x');
  });
  // Eight drafts; a judge who mostly prefers the longer one, and goes by position besides.
  backends::scripted_comparer judge([](const comparison_request& asked, random_stream& random) {
    const bool longer = asked.first.size() > asked.second.size();
    return (random.uniform() < 0.9) == longer ? 0.9 : 0.2;
  });
  const knockout<repeated_sampling, decltype(judge)> policy{{.n = 8}, judge, 4};
  const outcome best = solve("Write.", model, policy, no_verifier{}, best_score{});
  CHECK(best.answer.size() >= 7);
  CHECK(best.spent.other_calls == 28);
}

TEST_CASE("the documented judges are language models") {
  backends::scripted model([](const generation_request& asked, random_stream&) {
    return std::string(1 + asked.ordinal, 'x');
  });
  backends::scripted judging([](const generation_request& asked, random_stream&) {
    return std::string(asked.trace.text().find("[[A]]") != std::string::npos ? "[[B]]" : "2");
  });
  // One model judges pairs, four votes each; and it reads all solutions at once.
  verifiers::generative_comparer by_pairs(judging, {.votes = 4});
  const round_robin<repeated_sampling, decltype(by_pairs)> tournament{{.n = 4}, by_pairs};
  verifiers::generative_chooser at_once(judging, {}, &verifiers::ask_for_the_most_consistent);
  const gen_select<repeated_sampling, decltype(at_once)> consistency{{.n = 4}, at_once};
  CHECK(solve("Write.", model, tournament, no_verifier{}, best_score{}).has_answer());
  CHECK(solve("Write.", model, consistency, no_verifier{}, best_score{}).answer == "xxx");
}

TEST_CASE("the documented choice of programs takes one that agrees with another") {
  // Four programs for |x|, run on -3, 0 and 3; which of three generated tests they pass.
  const std::vector<candidate> by_output = programs({"3\n0\n3", "-3\n0\n3", "3\n0\n3", "\n0\n3"});
  const decision largest = filter_and_cluster{}(by_output);
  const decision agreeing = functional_consensus{}(by_output);
  const std::vector<candidate> by_test = programs({"110", "011", "110", "010"});
  const decision tested = codet{}(by_test);
  CHECK(largest.chosen == 0);
  CHECK(agreeing.chosen == 0);
  CHECK(tested.chosen == 0);
  CHECK(b4{}(by_test).chosen == 0);
}
