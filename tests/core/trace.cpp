// SPDX-License-Identifier: MIT
#include <outthink/core/trace.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using outthink::node_id;
using outthink::node_status;
using outthink::step_payload;
using outthink::text_tree;
using outthink::trace_view;

namespace {

node_id step(text_tree& tree, node_id parent, std::string_view text) {
  const node_id node = tree.add_children(parent, 1)[0];
  tree.set_payload(node, {text, 1, 0}, node_status::open);
  if (text.empty()) tree.set_stepless(node);
  return node;
}

}  // namespace

TEST_CASE("trace_view reads the problem and the steps up to its node") {
  text_tree tree(step_payload{.text = "problem: "});
  const node_id a = step(tree, tree.root(), "one\n");
  static_cast<void>(step(tree, a, "elsewhere\n"));
  const node_id b = step(tree, a, "two\n");
  const trace_view trace(tree, b);
  CHECK(trace.node() == b);
  CHECK(trace.steps() == 2);
  CHECK(trace.prompt() == "problem: ");
  CHECK(trace.step_texts() == std::vector<std::string_view>{"one\n", "two\n"});
  CHECK(trace.solution() == "one\ntwo\n");
  CHECK(trace.text() == "problem: one\ntwo\n");
  std::string out = "before ";
  trace.append_solution(out);
  CHECK(out == "before one\ntwo\n");
}

TEST_CASE("trace_view of a root has the problem alone") {
  text_tree tree(step_payload{.text = "p"});
  for (const node_id root : {tree.root(), tree.add_root()}) {
    const trace_view trace(tree, root);
    CHECK(trace.steps() == 0);
    CHECK(trace.step_texts().empty());
    CHECK(trace.solution().empty());
    CHECK(trace.text() == "p");
  }
}

TEST_CASE("trace_view sees no step in a node that merely ends its trace") {
  text_tree tree(step_payload{.text = "p"});
  const node_id end = step(tree, step(tree, tree.root(), "only\n"), "");
  const trace_view trace(tree, end);
  CHECK(trace.steps() == 1);
  CHECK(trace.step_texts() == std::vector<std::string_view>{"only\n"});
  CHECK(trace.solution() == "only\n");
}

TEST_CASE("trace_view below a further root sees only what is below it") {
  text_tree tree(step_payload{.text = "p"});
  static_cast<void>(step(tree, tree.root(), "first\n"));
  const node_id node = step(tree, tree.add_root(), "second\n");
  CHECK(trace_view(tree, node).text() == "psecond\n");
}

TEST_CASE("trace_view below the root of another problem reads that problem") {
  text_tree tree({.text = "problem\n"});
  const node_id other = tree.add_root({.text = "other\n"});
  const node_id node = step(tree, other, "step\n");
  CHECK(trace_view(tree, node).text() == "other\nstep\n");
  CHECK(trace_view(tree, tree.root()).prompt() == "problem\n");
  CHECK(tree.place(other) != tree.place(tree.root()));
}

TEST_CASE("trace_view is finished where its node is") {
  text_tree tree(step_payload{.text = "p"});
  const node_id node = step(tree, tree.root(), "only\n");
  CHECK_FALSE(trace_view(tree, node).finished());
  tree.set_status(node, node_status::truncated);
  CHECK_FALSE(trace_view(tree, node).finished());
  tree.set_status(node, node_status::finished);
  CHECK(trace_view(tree, node).finished());
}

TEST_CASE("trace_view::prefix is the trace of the first steps") {
  text_tree tree(step_payload{.text = "p"});
  const node_id a = step(tree, tree.root(), "one\n");
  const node_id b = step(tree, a, "two\n");
  const node_id end = step(tree, b, "");
  tree.set_status(end, node_status::finished);
  const trace_view trace(tree, end);
  CHECK(&trace.tree() == &tree);
  CHECK(trace.prefix(0).node() == tree.root());
  CHECK(trace.prefix(1).node() == a);
  CHECK(trace.prefix(1).solution() == "one\n");
  CHECK_FALSE(trace.prefix(1).finished());
  CHECK(trace.prefix(2).node() == end);  // the whole trace, which ends here
  CHECK(trace.prefix(2).finished());
  CHECK(trace.prefix(7).node() == end);
}

TEST_CASE("trace_view::prefix of a trace below a node that adds no step leaves that node out") {
  text_tree tree(step_payload{.text = "p"});
  const node_id a = step(tree, tree.root(), "one\n");
  const node_id c = step(tree, step(tree, a, ""), "two\n");
  CHECK(trace_view(tree, c).prefix(1).node() == a);
}
