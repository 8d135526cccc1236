// SPDX-License-Identifier: MIT
#include <outthink/core/graft.hpp>
#include <outthink/core/trace.hpp>

#include <doctest/doctest.h>

#include <vector>

using outthink::graft;
using outthink::node_id;
using outthink::node_status;
using outthink::text_tree;
using outthink::trace_view;

TEST_CASE("graft copies a trace's steps below another node, with what the model said of them") {
  text_tree tree({.text = "problem"});
  const node_id other = tree.add_root({.text = "other problem"});
  const node_id one = tree.add_children(other, 1)[0];
  tree.set_payload(one, {"one\n", 3, -1.5F}, node_status::open);
  const node_id two = tree.add_children(one, 2)[1];
  tree.set_payload(two, {"two", 2, -0.5F}, node_status::finished);
  tree.score(two) = 0.5F;
  tree.set_confidences(two, std::vector<float>{4, 2});

  const node_id copy = graft(tree, two, tree.root());
  CHECK(trace_view(tree, copy).text() == "problemone\ntwo");
  CHECK(trace_view(tree, two).text() == "other problemone\ntwo");
  CHECK(tree.status(copy) == node_status::finished);
  CHECK(tree.payload(copy).tokens == 2);
  CHECK(tree.payload(copy).logprob == -0.5F);
  REQUIRE(tree.confidences(copy).size() == 2);
  CHECK(tree.confidences(copy)[0] == 4);
  CHECK(tree.confidences(tree.parent(copy)).empty());
  CHECK(tree.payload(tree.parent(copy)).tokens == 3);
  CHECK(tree.depth(copy) == 2);
  CHECK(tree.score(copy) != tree.score(copy));
  CHECK(tree.place(copy) != tree.place(two));
}

TEST_CASE("graft keeps a node that merely ends its trace, and copies nothing of a root") {
  text_tree tree({.text = "problem"});
  const node_id step = tree.add_children(tree.root(), 1)[0];
  tree.set_payload(step, {"step\n", 1, 0}, node_status::open);
  const node_id end = tree.add_children(step, 1)[0];
  tree.set_payload(end, {}, node_status::finished);
  tree.set_stepless(end);
  const node_id copy = graft(tree, end, tree.add_root());
  CHECK(tree.stepless(copy));
  CHECK(tree.depth(copy) == 1);
  CHECK(graft(tree, tree.root(), step) == step);
}

TEST_CASE("graft_as_step makes one step of a trace, and closes what it copied") {
  text_tree tree({.text = "problem"});
  const node_id other = tree.add_root({.text = "other problem"});
  const node_id one = tree.add_children(other, 1)[0];
  tree.set_payload(one, {"one\n", 3, -1.5F}, node_status::open);
  const node_id two = tree.add_children(one, 1)[0];
  tree.set_payload(two, {"two", 2, -0.5F}, node_status::finished);
  const node_id copy = outthink::graft_as_step(tree, two, tree.root(), node_status::open);
  CHECK(tree.payload(copy).text == "one\ntwo");
  CHECK(tree.payload(copy).tokens == 5);
  CHECK(tree.payload(copy).logprob == -2);
  CHECK(tree.depth(copy) == 1);
  CHECK(tree.status(copy) == node_status::open);
  CHECK(tree.status(two) == node_status::closed);
  CHECK(trace_view(tree, two).solution() == "one\ntwo");
}
