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
