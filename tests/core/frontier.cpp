// SPDX-License-Identifier: MIT
#include <outthink/core/frontier.hpp>

#include <doctest/doctest.h>

using outthink::frontier;
using outthink::node_status;
using outthink::text_tree;

TEST_CASE("frontier: open nodes keep their order, and move on while the others stay") {
  text_tree tree{{.text = "p"}};
  const auto first = tree.add_children(frontier{tree.root()}, 3);
  tree.set_payload(first[0], {.text = "a"}, node_status::open);
  tree.set_payload(first[1], {.text = "b"}, node_status::finished);
  tree.set_payload(first[2], {.text = "c"}, node_status::open);
  frontier nodes{first[2], first[1], first[0]};
  const frontier open = open_nodes(tree, nodes);
  CHECK(open == frontier{first[2], first[0]});
  const auto next = tree.add_children(open, 1);
  move_on(tree, nodes, next);
  CHECK(nodes == frontier{next[0], first[1], next[1]});
}

TEST_CASE("frontier: any_open says whether one of the nodes can be continued") {
  text_tree tree{{.text = "p"}};
  const auto children = tree.add_children(tree.root(), 2);
  tree.set_payload(children[0], {.text = "a"}, node_status::finished);
  tree.set_payload(children[1], {.text = "b"}, node_status::truncated);
  CHECK_FALSE(any_open(tree, frontier{}));
  CHECK_FALSE(any_open(tree, frontier{children[0], children[1]}));
  CHECK(any_open(tree, frontier{children[0], tree.root()}));
}
