// SPDX-License-Identifier: MIT
// All allocation rules on one tree, small enough to follow by hand: which traces each of them
// continues, in order.
//
//                         (problem)
//              a .6                     b .5
//         aa .4      ab .7         ba .8      bb .3
//        .1   .5    .9   .2       .65  .95   .35  .85       (…a, …b: solutions)
//
// The model's first, third, … continuation of a trace is "a", its second, fourth, … is "b".
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/best_first_search.hpp>
#include <outthink/policies/depth_first_search.hpp>
#include <outthink/policies/dvts.hpp>
#include <outthink/policies/ets.hpp>
#include <outthink/policies/lookahead_search.hpp>
#include <outthink/policies/monte_carlo_tree_search.hpp>
#include <outthink/policies/monte_carlo_tree_search/uct.hpp>
#include <outthink/policies/particle_filter.hpp>
#include <outthink/policies/rebase.hpp>
#include <outthink/runtime/solve.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace outthink;

namespace {

double score_of(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, double>, 14> table{{{"a", .6},
                                                                       {"b", .5},
                                                                       {"aa", .4},
                                                                       {"ab", .7},
                                                                       {"ba", .8},
                                                                       {"bb", .3},
                                                                       {"aaa", .1},
                                                                       {"aab", .5},
                                                                       {"aba", .9},
                                                                       {"abb", .2},
                                                                       {"baa", .65},
                                                                       {"bab", .95},
                                                                       {"bba", .35},
                                                                       {"bbb", .85}}};
  const std::string letters = test::letters_of(text);
  for (const auto& [path, score] : table) {
    if (path == letters) return score;
  }
  return -1;
}

struct course {
  std::string continued;  ///< the traces continued, in order, a "-" for the problem itself
  std::string answer;
};

/// Runs of requests for the same trace in one batch count once, with their number if above 1.
course follow(const auto& policy) {
  test::toy_tree model{.depth = 3, .letters = 2};
  test::scripted_verifier verifier(score_of);
  const outcome result = solve("p", model, policy, verifier, best_score{});
  course made{"", test::letters_of(result.answer)};
  std::size_t next = 0;
  for (const std::size_t size : model.batches) {
    for (const std::size_t end = next + size; next < end;) {
      const std::string& prefix = model.prefixes[next];
      std::size_t copies = 0;
      while (next < end && model.prefixes[next] == prefix) ++next, ++copies;
      if (!made.continued.empty()) made.continued += ' ';
      made.continued += prefix.empty() ? "-" : test::letters_of(prefix);
      if (copies > 1) made.continued += "*" + std::to_string(copies);
    }
  }
  return made;
}

}  // namespace

TEST_CASE("beam search of width 1 is greedy by the score of a step") {
  const course made = follow(beam_search{.width = 1, .expand = 2});
  CHECK(made.continued == "-*2 a*2 ab*2");
  CHECK(made.answer == "aba");
}

TEST_CASE("beam search of width 2 finds what lies below the second best first step") {
  // ba .8 before ab .7; aa and bb are dropped.
  const course made = follow(beam_search{.width = 2, .expand = 2});
  CHECK(made.continued == "-*4 a*2 b*2 ba*2 ab*2");
  CHECK(made.answer == "bab");
}

TEST_CASE("beam search that keeps all it draws continues every trace once") {
  const course made = follow(beam_search{.width = 4, .expand = 1});
  // Four first steps, repetitions dropped: a and b, continued once each.
  CHECK(made.continued == "-*4 a b ba aa");
  CHECK(made.answer == "baa");
}

TEST_CASE("lookahead search takes the first step that looks better one step on") {
  // Greedy decoding goes on with the trace's next continuation: a -> aa .4, b -> ba .8. After b:
  // bb -> bba .35, ba -> baa .65.
  const course made = follow(lookahead_search{.width = 1, .expand = 2, .lookahead = 1});
  CHECK(made.continued == "-*2 a b b*2 bb ba ba*2");
  CHECK(made.answer == "bab");
}

TEST_CASE("DVTS follows its best step in every subtree") {
  const course made = follow(dvts{.subtrees = 2, .expand = 2});
  CHECK(made.continued == "-*4 a*4 ab*4");
  CHECK(made.answer == "aba");
}

TEST_CASE("REBASE shares the width out by the softmax of the scores") {
  // a b a b: of .6 .5 .6 .5 at T = .2 the shares of 4 are 1.24, .90 of 2, .5 of 1: 2 1 1 0.
  // aa ab ba aa: of .4 .7 .8 .4 they are 2.13 and 1 of 1: 0 1 3 0.
  const course made = follow(rebase{.width = 4});
  CHECK(made.continued == "-*4 a*2 b a ab ba*3");
  CHECK(made.answer == "bab");
}

TEST_CASE("ETS keeps one branch where nodes cost more than their share") {
  // a b a b with shares 2 1 1 0 of 4, a node at 1/4: only the first a is worth more than it costs.
  // aa ab aa ab with shares 0 2 0 2, five nodes at 1/5: both ab, and the a that they share.
  const course made = follow(ets{.width = 4, .coverage = 0});
  CHECK(made.continued == "-*4 a*4 ab*4");
  CHECK(made.answer == "aba");
}

TEST_CASE("ETS keeps one trace of every cluster where coverage outweighs nodes") {
  // Clusters of equal last steps, two at 1/2 each; a node costs 1.1/4: of a b a b with shares 2 1 1
  // 0 of 4 the first a and the first b are kept, the second a would bring 1/4 alone. Shares of .6
  // and .5: 3 1. Then aa ab aa ba with shares 0 1 0 3; six nodes at 1.1/6: ab and ba. Shares 1 3.
  const course made = follow(ets{.width = 4, .node_cost = 1.1F, .coverage = 1});
  CHECK(made.continued == "-*4 a*3 b ab ba*3");
  CHECK(made.answer == "bab");
}

TEST_CASE("particle filter without resampling lets every particle go its way") {
  const course made = follow(particle_filter{.particles = 2, .resample_below = 0});
  CHECK(made.continued == "-*2 a b aa ba");
  CHECK(made.answer == "baa");
}

TEST_CASE("particle filter at a low temperature draws the best anew, in equal shares") {
  // Odds of 1.5 to the power of 100: the two a take all, two copies each, whatever the uniforms.
  const course made = follow(particle_filter{.particles = 4, .temperature = .01F});
  CHECK(made.continued == "-*4 a*4 ab*4");
  CHECK(made.answer == "aba");
}

TEST_CASE("best-first search goes back when what it found disappoints") {
  // Queue: a .6 | b .5; ab .7 | b, aa .4; b .5 | aa; ba .8.
  const course made = follow(best_first_search{.expand = 2, .solutions = 4});
  CHECK(made.continued == "-*2 a*2 ab*2 b*2 ba*2");
  CHECK(made.answer == "bab");
}

TEST_CASE("best-first search with a constant score goes in the order of drawing") {
  test::toy_tree model{.depth = 3, .letters = 2};
  test::scripted_verifier verifier([](std::string_view) { return .5; });
  static_cast<void>(
      solve("p", model, best_first_search{.expand = 2, .solutions = 99}, verifier, best_score{}));
  const std::vector<std::string> breadth_first{"",       "a\n",    "b\n",   "a\na\n",
                                               "a\nb\n", "b\na\n", "b\nb\n"};
  REQUIRE(model.prefixes.size() == 14);
  for (std::size_t i = 0; i < 7; ++i) CHECK(model.prefixes[2 * i] == breadth_first[i]);
}

TEST_CASE("depth-first search exhausts the best step first and prunes") {
  // bb .3 is not above .35.
  const course made = follow(depth_first_search{.expand = 2, .threshold = .35F, .solutions = 99});
  CHECK(made.continued == "-*2 a*2 ab*2 aa*2 b*2 ba*2");
  CHECK(made.answer == "bab");
}

TEST_CASE("MCTS by UCT turns to the second first step when the first one's bound falls below") {
  // c = .6; bounds of a and b before each simulation, after the root's:
  //   .600 .500 -> a (its best new step .7), 1.003 1.000 -> a, ab (.9), 1.096 1.129 -> b (.8),
  //   1.141 1.150 -> b, ba (.95; ba is closed), 1.173 1.190 -> b, bb (.85; b is closed), a, aa.
  const course made = follow(monte_carlo_tree_search<uct>{
      .simulations = 7, .expand = 2, .leaves = 1, .widening = 0, .select = {.exploration = .6F}});
  CHECK(made.continued == "-*2 a*2 ab*2 b*2 ba*2 bb*2 aa*2");
  CHECK(made.answer == "bab");
}

TEST_CASE("MCTS without exploration exhausts the best first step") {
  // By the largest value a is worth .9 once aba is known; b comes when a is closed.
  const course made = follow(monte_carlo_tree_search<uct>{.simulations = 6,
                                                          .expand = 2,
                                                          .leaves = 1,
                                                          .widening = 0,
                                                          .backup = value_backup::max,
                                                          .select = {.exploration = 0}});
  CHECK(made.continued == "-*2 a*2 ab*2 aa*2 b*2 ba*2");
  CHECK(made.answer == "bab");
}
