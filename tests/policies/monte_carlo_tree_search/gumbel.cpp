// SPDX-License-Identifier: MIT
#include "../../support/explored_tree.hpp"
#include <outthink/policies/monte_carlo_tree_search/gumbel.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

using outthink::gumbel;
using outthink::node_status;
using outthink::open_children;
using outthink::test::explored_child;
using outthink::test::explored_tree;

namespace {

/// The visits that a simulation finds, of all simulations in order, and where sweeps begin.
std::pair<std::vector<int>, std::vector<int>> sweeps(int steps, int simulations) {
  std::pair<std::vector<int>, std::vector<int>> all;
  for (int at = 0; at < simulations; ++at) {
    const auto now = gumbel::sweep_of(steps, simulations, at);
    all.first.push_back(now.visits);
    if (now.begins) all.second.push_back(at);
  }
  return all;
}

open_children gathered(const explored_tree& made) {
  open_children children;
  children.gather(made.tree, explored_tree::root());
  return children;
}

}  // namespace

// By hand from algorithm 1 of I. Danihelka et al. 2022: phases of max(1, n / (log2 m · left))
// sweeps.
TEST_CASE("gumbel: sequential halving shares simulations out as published") {
  // 4 steps, 8 simulations: one sweep over 4, then two over 2.
  CHECK(sweeps(4, 8).first == std::vector<int>{0, 0, 0, 0, 1, 1, 2, 2});
  CHECK(sweeps(4, 8).second == std::vector<int>{0, 4, 6});
  // 8 steps, 24 simulations: 1 sweep over 8, 2 over 4, 4 over 2.
  CHECK(sweeps(8, 24).first ==
        std::vector<int>{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6});
  // Fewer simulations than steps: each of the first is visited once.
  CHECK(sweeps(16, 3).first == std::vector<int>{0, 0, 0});
  CHECK(sweeps(1, 3).first == std::vector<int>{0, 1, 2});
  // 5 steps, 3 phases: 5, then 2.
  CHECK(sweeps(5, 9).first == std::vector<int>{0, 0, 0, 0, 0, 1, 1, 2, 2});
}

TEST_CASE("gumbel at the root takes the best of those that are due, and waits for values") {
  // Two steps are due (one visit beyond their own); the one with the larger value is taken.
  explored_tree made({{.visits = 2, .mean = .4F},
                      {.visits = 2, .mean = .5F},
                      {.visits = 1, .mean = .9F},
                      {.visits = 1, .mean = .8F}});
  const open_children children = gathered(made);
  CHECK(gumbel{}.at_root(children, 4, 8, false) == 1);
  CHECK(gumbel{}.at_root(children, 4, 8, true) == 4);  // a new sweep
  CHECK(gumbel{}.at_root(children, 2, 8, true) == 2);  // amid the first
  made.tree.prior(made.children[0]) = 100;             // what values of .1 · 52 do not outweigh
  CHECK(gumbel{}.at_root(gathered(made), 4, 8, false) == 0);
}

TEST_CASE("gumbel at the root goes on with the others where those that are due have ended") {
  const explored_tree made({{.visits = 2, .mean = .4F, .status = node_status::closed},
                            {.visits = 1, .mean = .3F},
                            {.visits = 1, .mean = .5F},
                            {.visits = 1, .mean = .1F}});
  CHECK(gumbel{}.at_root(gathered(made), 4, 8, false) == 1);
}

TEST_CASE("gumbel below the root visits in proportion to the improved policy") {
  // Equal values and priors: the policy is (1/2, 1/2), the least visited is due.
  const explored_tree equal({{.visits = 3, .mean = .5F}, {.visits = 2, .mean = .5F}});
  CHECK(gumbel{}(gathered(equal), 5) == 1);
  // σ = 51 q: e^(51 · .02) = 2.77, hence a policy of (.735, .265) against visits of 1/3 each.
  const explored_tree better({{.visits = 1, .mean = .52F}, {.visits = 1, .mean = .5F}});
  CHECK(gumbel{}(gathered(better), 2) == 0);
  // Of (.735, .265) after 5 and 1 visits: .735 - 5/7 = .021, .265 - 1/7 = .122. (σ: 55 q, .75)
  const explored_tree later({{.visits = 5, .mean = .52F}, {.visits = 1, .mean = .5F}});
  CHECK(gumbel{}(gathered(later), 6) == 1);
}

// The maximum of g + ln p is the i-th with probability p_i; 20,000 draws, 5 standard deviations.
TEST_CASE("gumbel perturbs first steps so that the largest is distributed as their probabilities") {
  outthink::random_stream random({7, 8});
  int first = 0;
  constexpr int kDraws = 20'000;
  for (int i = 0; i < kDraws; ++i) {
    explored_tree made({{.logprob = std::log(.7F)}, {.logprob = std::log(.3F)}});
    gumbel{.prior = 1}.set_priors(made.tree, explored_tree::root(), made.children, true, random);
    first += made.tree.prior(made.children[0]) > made.tree.prior(made.children[1]) ? 1 : 0;
  }
  CHECK(std::abs(first - .7 * kDraws) < 5 * std::sqrt(.21 * kDraws));
}

TEST_CASE("gumbel does not perturb below the root") {
  outthink::random_stream random({7, 8});
  explored_tree made({{.logprob = -2}, {.logprob = -1}});
  gumbel{.prior = .5F}.set_priors(made.tree, explored_tree::root(), made.children, false, random);
  CHECK(made.tree.prior(made.children[0]) == -1);
  CHECK(made.tree.prior(made.children[1]) == -.5F);
}
