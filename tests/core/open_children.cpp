// SPDX-License-Identifier: MIT
#include "../support/explored_tree.hpp"
#include <outthink/core/open_children.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <vector>

using outthink::node_status;
using outthink::open_children;
using outthink::test::explored_child;
using outthink::test::explored_tree;

TEST_CASE("open_children are the visited and open ones, the earliest first") {
  const explored_tree made({{.visits = 2, .mean = .5F},
                            {.visits = 0},
                            {.visits = 1, .status = node_status::finished},
                            {.visits = 3, .mean = .25F},
                            {.visits = 4, .status = node_status::closed}});
  open_children children;
  children.gather(made.tree, explored_tree::root());
  REQUIRE(children.size() == 2);
  CHECK(children.known() == 4);
  CHECK(children[0] == made.children[0]);
  CHECK(children[1] == made.children[3]);
  CHECK(children.visits()[1] == 3);
  CHECK(children.values()[1] == .75F);
  CHECK(children.mean(1) == .25F);
  children.gather(made.tree, explored_tree::root(), false, true);
  REQUIRE(children.size() == 3);
  CHECK(children[1] == made.children[2]);
}

TEST_CASE("open_children: a value that is the best of its visits counts for each of them") {
  explored_tree made({{.visits = 4, .mean = 0}});
  made.tree.value(made.children[0]) = .5F;
  open_children children;
  children.gather(made.tree, explored_tree::root(), true);
  CHECK(children.mean(0) == .5F);
}

TEST_CASE("open_children serves nodes with few and with many children one after the other") {
  const explored_tree none({}), many(std::vector<explored_child>(100));
  open_children children;
  children.gather(many.tree, explored_tree::root());
  CHECK(children.size() == 100);
  CHECK(children[99] == many.children[99]);
  children.gather(none.tree, explored_tree::root());
  CHECK(children.empty());
  CHECK(children.known() == 0);
}
