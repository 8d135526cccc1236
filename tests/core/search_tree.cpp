// SPDX-License-Identifier: MIT
#include <outthink/core/search_tree.hpp>

#include <doctest/doctest.h>

#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using outthink::index_of;
using outthink::node_id;
using outthink::node_range;
using outthink::node_status;
using outthink::search_tree;
using outthink::step_payload;
using outthink::text_tree;

namespace {

text_tree problem(std::string_view text) {
  return text_tree(step_payload{.text = text});
}

std::vector<node_id> children_of(const text_tree& tree, node_id node) {
  std::vector<node_id> children;
  tree.for_each_child(node, [&](node_id child) { children.push_back(child); });
  return children;
}

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kSanitized = true;  // the sanitizer keeps what was freed
#elif defined(__has_feature)
constexpr bool kSanitized = __has_feature(address_sanitizer);
#else
constexpr bool kSanitized = false;
#endif

std::size_t resident_bytes() {
  std::size_t pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

TEST_CASE("search_tree begins with the problem as its open root") {
  const std::string question = "a question that lives elsewhere";
  const text_tree tree = problem(question);
  CHECK(tree.size() == 1);
  CHECK(index_of(tree.root()) == 0);
  CHECK(tree.payload(tree.root()).text == question);
  CHECK(tree.payload(tree.root()).text.data() != question.data());
  CHECK(tree.parent(tree.root()) == node_id::none);
  CHECK(tree.depth(tree.root()) == 0);
  CHECK(tree.status(tree.root()) == node_status::open);
  CHECK(tree.child_count(tree.root()) == 0);
  CHECK(tree.path(tree.root()).empty());
}

TEST_CASE("search_tree gives a new node empty columns and no score") {
  text_tree tree = problem("p");
  const node_id child = tree.add_children(tree.root(), 1)[0];
  CHECK(tree.status(child) == node_status::pending);
  CHECK(tree.depth(child) == 1);
  CHECK(std::isnan(tree.score(child)));
  CHECK(tree.value(child) == 0);
  CHECK(tree.prior(child) == 0);
  CHECK(tree.visits(child) == 0);
  CHECK(tree.payload(child).text.empty());
  CHECK(tree.payload(child).tokens == 0);
}

TEST_CASE("search_tree keeps every column of every node apart") {
  text_tree tree = problem("p");
  const node_range children = tree.add_children(tree.root(), 50);
  for (std::size_t i = 0; i < children.size(); ++i) {
    const auto k = static_cast<float>(i);
    tree.set_payload(children[i],
                     {"step " + std::to_string(i), static_cast<std::uint32_t>(i + 1), -k},
                     node_status::open);
    tree.score(children[i]) = k;
    tree.value(children[i]) = 2 * k;
    tree.prior(children[i]) = 3 * k;
    tree.visits(children[i]) = static_cast<std::uint32_t>(i * 4);
  }
  for (std::size_t i = 0; i < children.size(); ++i) {
    const auto k = static_cast<float>(i);
    const step_payload step = tree.payload(children[i]);
    CHECK(step.text == "step " + std::to_string(i));
    CHECK(step.tokens == i + 1);
    CHECK(step.logprob == -k);
    CHECK(tree.score(children[i]) == k);
    CHECK(tree.value(children[i]) == 2 * k);
    CHECK(tree.prior(children[i]) == 3 * k);
    CHECK(tree.visits(children[i]) == i * 4);
  }
}

TEST_CASE("search_tree links children of one parent over several calls, the latest first") {
  text_tree tree = problem("p");
  const node_range first = tree.add_children(tree.root(), 2);
  const node_range nested = tree.add_children(first[0], 1);
  const node_range second = tree.add_children(tree.root(), 2);
  CHECK(tree.child_count(tree.root()) == 4);
  CHECK(children_of(tree, tree.root()) ==
        std::vector<node_id>{second[1], second[0], first[1], first[0]});
  CHECK(children_of(tree, first[0]) == std::vector<node_id>{nested[0]});
  CHECK(children_of(tree, first[1]).empty());
  CHECK(tree.add_children(tree.root(), 0).empty());
  CHECK(tree.child_count(tree.root()) == 4);
}

TEST_CASE("search_tree: a node's place depends on its path, not on the order of creation") {
  text_tree a = problem("p"), b = problem("another");
  const node_range a_children = a.add_children(a.root(), 3);
  const node_id a_grandchild = a.add_children(a_children[2], 2)[1];

  const node_id b0 = b.add_children(b.root(), 1)[0];
  b.add_children(b0, 5);
  b.add_children(b.root(), 1);
  const node_id b2 = b.add_children(b.root(), 1)[0];
  b.add_children(b2, 1);
  const node_id b_grandchild = b.add_children(b2, 1)[0];

  CHECK(a.place(a_children[0]) == b.place(b0));
  CHECK(a.place(a_children[2]) == b.place(b2));
  CHECK(a.place(a_grandchild) == b.place(b_grandchild));
}

TEST_CASE("search_tree: no two nodes of a large tree share a place") {
  text_tree tree = problem("p");
  std::set<std::uint64_t> places;
  for (int branch = 0; branch < 20; ++branch) {
    const node_id root = branch == 0 ? tree.root() : tree.add_root();
    for (const node_id child : tree.add_children(root, 50)) {
      for (const node_id grandchild : tree.add_children(child, 20)) {
        static_cast<void>(grandchild);
      }
    }
  }
  for (std::uint32_t i = 0; i < tree.size(); ++i) places.insert(tree.place(node_id{i}));
  CHECK(places.size() == tree.size());
}

TEST_CASE("search_tree: further roots are copies of the problem with places of their own") {
  text_tree tree = problem("the problem");
  const node_id before = tree.add_children(tree.root(), 1)[0];
  const node_id second = tree.add_root(), third = tree.add_root();
  CHECK(tree.payload(second).text == "the problem");
  CHECK(tree.parent(second) == node_id::none);
  CHECK(tree.depth(third) == 0);
  CHECK(tree.status(third) == node_status::open);
  CHECK(tree.place(second) != tree.place(tree.root()));
  CHECK(tree.place(second) != tree.place(third));
  const node_id below = tree.add_children(third, 1)[0];
  CHECK(tree.place(below) != tree.place(before));
  CHECK(tree.path(below) == std::vector<node_id>{below});
}

TEST_CASE("search_tree keeps with which probability a step was drawn, where that is known") {
  outthink::text_tree tree(outthink::step_payload{.text = "p"});
  const auto children = tree.add_children(tree.root(), 3);
  CHECK(tree.drawn_logprob(children[1]) != tree.drawn_logprob(children[1]));
  tree.set_drawn_logprob(children[1], -0.5F);
  CHECK(tree.drawn_logprob(children[1]) == -0.5F);
  for (const auto node : {children[0], children[2], tree.add_children(children[1], 1)[0]}) {
    CHECK(tree.drawn_logprob(node) != tree.drawn_logprob(node));
  }
}

TEST_CASE("search_tree keeps how sure the model was of a step's tokens, where that is known") {
  outthink::text_tree tree(outthink::step_payload{.text = "p"});
  const auto children = tree.add_children(tree.root(), 3);
  CHECK(tree.confidences(children[1]).empty());
  tree.set_confidences(children[1], std::vector<float>{3, 1});
  const node_id copy = tree.add_children(children[1], 1)[0];
  tree.set_confidences(copy, tree.confidences(children[1]));
  for (const node_id node : {children[1], copy}) {
    const auto tokens = tree.confidences(node);
    CHECK(std::vector<float>(tokens.begin(), tokens.end()) == std::vector<float>{3, 1});
  }
  for (const node_id node : {children[0], children[2], tree.root()}) {
    CHECK(tree.confidences(node).empty());
  }
}

TEST_CASE("search_tree that is restarted is as a new one") {
  text_tree tree(step_payload{.text = "old"});
  static_cast<void>(tree.add_root());
  const node_range grown = tree.add_children(text_tree::root(), 3);
  for (const node_id node : grown) {
    tree.set_payload(node, {"step", 1, -1}, node_status::finished);
    tree.score(node) = 0.5F;
    tree.visits(node) = 7;
  }
  tree.set_drawn_logprob(grown[0], -2);
  tree.set_confidences(grown[1], std::vector<float>{1, 2});
  tree.restart(step_payload{.text = "new"});
  const text_tree fresh(step_payload{.text = "new"});
  CHECK(tree.size() == 1);
  CHECK(tree.payload(text_tree::root()).text == "new");
  CHECK(tree.status(text_tree::root()) == node_status::open);
  CHECK(tree.place(text_tree::root()) == fresh.place(text_tree::root()));
  CHECK(tree.child_count(text_tree::root()) == 0);
  text_tree other(step_payload{.text = "new"});
  CHECK(tree.place(tree.add_root()) == other.place(other.add_root()));
  for (const node_id node : tree.add_children(text_tree::root(), 3)) {
    CHECK(tree.status(node) == node_status::pending);
    CHECK(tree.score(node) != tree.score(node));
    CHECK(tree.visits(node) == 0);
    CHECK(tree.drawn_logprob(node) != tree.drawn_logprob(node));
    CHECK(tree.confidences(node).empty());
  }
}

TEST_CASE("search_tree::path gives the nodes that hold steps, in reading order") {
  text_tree tree = problem("p");
  const node_id a = tree.add_children(tree.root(), 2)[1];
  const node_id b = tree.add_children(a, 3)[2];
  const node_id end = tree.add_children(b, 1)[0];
  CHECK(tree.path(end) == std::vector<node_id>{a, b, end});
  tree.set_stepless(end);
  CHECK(tree.depth(end) == 2);
  CHECK(tree.path(end) == std::vector<node_id>{a, b});
  SUBCASE("a stepless node in the middle is skipped") {
    const node_id beyond = tree.add_children(end, 1)[0];
    CHECK(tree.depth(beyond) == 3);
    CHECK(tree.path(beyond) == std::vector<node_id>{a, b, beyond});
  }
  SUBCASE("a stepless child of the root has no steps") {
    const node_id nothing = tree.add_children(tree.root(), 1)[0];
    tree.set_stepless(nothing);
    CHECK(tree.depth(nothing) == 0);
    CHECK(tree.path(nothing).empty());
  }
}

TEST_CASE("search_tree holds payloads other than text") {
  struct board {
    std::vector<int> stones;
    int moves = 0;
  };
  search_tree<board> tree(board{{1, 2, 3}, 0});
  const node_range moves = tree.add_children(tree.root(), 100);
  for (std::size_t i = 0; i < moves.size(); ++i) {
    tree.set_payload(moves[i], board{{static_cast<int>(i)}, 1}, node_status::open);
  }
  CHECK(tree.payload(tree.root()).stones == std::vector<int>{1, 2, 3});
  CHECK(tree.payload(moves[99]).stones == std::vector<int>{99});
  CHECK(tree.payload(tree.add_root()).stones == std::vector<int>{1, 2, 3});
}

TEST_CASE("node_range gives consecutive handles and its parts") {
  constexpr node_range range(node_id{5}, 4);
  static_assert(range.size() == 4 && !range.empty());
  std::vector<std::uint32_t> seen;
  for (const node_id node : range) seen.push_back(index_of(node));
  CHECK(seen == std::vector<std::uint32_t>{5, 6, 7, 8});
  const node_range part = range.subrange(1, 2);
  CHECK(part.size() == 2);
  CHECK(index_of(part[0]) == 6);
  CHECK(range.subrange(4, 0).empty());
  CHECK(node_range{}.empty());
  CHECK(node_range{}.begin() == node_range{}.end());
}

// Documented: 68 bytes a node and its text. With columns that double, at most twice that is held
// and, while the largest column moves, a little more; 200 MB leave room for the allocator.
TEST_CASE("search_tree holds a million nodes with 20 bytes of text each in 200 MB") {
  const std::size_t before = resident_bytes();
  text_tree tree = problem("p");
  node_id parent = tree.root();
  while (tree.size() < 1'000'000) {
    const node_range children = tree.add_children(parent, 8);
    for (const node_id child : children) {
      tree.set_payload(child, {"twenty bytes of text", 5, -1}, node_status::open);
    }
    parent = children[index_of(parent) % 8];
  }
  const std::size_t after = resident_bytes();
  CHECK(tree.payload(parent).text == "twenty bytes of text");
  if (!kSanitized) CHECK(after < before + 200'000'000);
}
