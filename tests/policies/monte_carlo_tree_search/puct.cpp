// SPDX-License-Identifier: MIT
#include "../../support/explored_tree.hpp"
#include <outthink/policies/monte_carlo_tree_search/puct.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using outthink::open_children;
using outthink::puct;
using outthink::test::explored_tree;

namespace {

void set_priors(explored_tree& made) {
  outthink::random_stream random({1, 2});
  puct{}.set_priors(made.tree, explored_tree::root(), made.children, true, random);
}

}  // namespace

TEST_CASE("puct: priors are the softmax of the scores of the visited siblings") {
  explored_tree made({{.score = .9F}, {.visits = 0, .score = .5F}, {.score = .4F}});
  set_priors(made);
  const double total = std::exp(.9) + std::exp(.4);
  CHECK(made.tree.prior(made.children[0]) == doctest::Approx(std::exp(.9) / total));
  CHECK(made.tree.prior(made.children[1]) == 0);
  CHECK(made.tree.prior(made.children[2]) == doctest::Approx(std::exp(.4) / total));
}

TEST_CASE("puct: a score of NaN counts as 0 in the priors") {
  explored_tree made({{.score = std::numeric_limits<float>::quiet_NaN()}, {.score = 0}});
  set_priors(made);
  CHECK(made.tree.prior(made.children[0]) == .5F);
}

TEST_CASE("puct names the child that is good, or likely and little visited") {
  explored_tree made(
      {{.visits = 9, .mean = .6F, .score = .6F}, {.visits = 1, .mean = .5F, .score = .5F}});
  set_priors(made);
  open_children children;
  children.gather(made.tree, explored_tree::root());
  CHECK(puct{}(children, 10) == 1);
  CHECK(puct{.exploration = 0, .base = 1e9F}(children, 10) == 0);
}
