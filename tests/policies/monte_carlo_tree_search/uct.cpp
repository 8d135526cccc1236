// SPDX-License-Identifier: MIT
#include "../../support/explored_tree.hpp"
#include <outthink/policies/monte_carlo_tree_search/uct.hpp>

#include <doctest/doctest.h>

#include <vector>

using outthink::open_children;
using outthink::uct;
using outthink::test::explored_tree;

// Q/n + √2 √(ln 10 / n): .5 + 1.5174 = 2.0174 (n = 2), .9 + 1.2390 (n = 3), .7 + .9597 (n = 5).
TEST_CASE("uct names the child with the largest upper confidence bound") {
  const explored_tree tree(
      {{.visits = 2, .mean = .5F}, {.visits = 3, .mean = .9F}, {.visits = 5, .mean = .7F}});
  open_children children;
  children.gather(tree.tree, tree.root());
  CHECK(uct{}(children, 10) == 1);
  CHECK(uct{.exploration = 0}(children, 10) == 1);
  CHECK(uct{.exploration = 100}(children, 10) == 0);
}

TEST_CASE("uct: of equal bounds the earliest child's") {
  const explored_tree tree({{.visits = 2, .mean = .5F}, {.visits = 2, .mean = .5F}});
  open_children children;
  children.gather(tree.tree, tree.root());
  CHECK(uct{}(children, 4) == 0);
}
