// SPDX-License-Identifier: MIT
#include <outthink/core/proof_graph.hpp>
#include <outthink/core/random_stream.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

using outthink::node_id;
using outthink::proof_graph;

namespace {

node_id tactic(unsigned number) {
  return node_id{number};
}

}  // namespace

TEST_CASE("proof_graph: one proved way proves all goals above, and the shortest proof is given") {
  proof_graph graph;
  const auto root = graph.add_goal(), a = graph.add_goal(), b = graph.add_goal();
  graph.add_step(root, tactic(1), a);
  graph.add_step(a, tactic(2), b);
  CHECK_FALSE(graph.proved(root));
  graph.add_proof(b, tactic(3));
  CHECK(graph.proved(root));
  CHECK(graph.proof_of(root) == std::vector<node_id>{tactic(1), tactic(2), tactic(3)});
  graph.add_step(root, tactic(4), b);
  CHECK(graph.proof_of(root) == std::vector<node_id>{tactic(4), tactic(3)});
}

TEST_CASE("proof_graph: a goal fails when it is closed and all its tactics have failed") {
  proof_graph graph;
  const auto root = graph.add_goal(), a = graph.add_goal(), b = graph.add_goal();
  graph.add_step(root, tactic(1), a);
  graph.add_step(root, tactic(2), b);
  graph.close(root);
  graph.close(a);  // without a tactic
  CHECK(graph.failed(a));
  CHECK_FALSE(graph.failed(root));
  graph.close(b);
  CHECK(graph.failed(root));
  CHECK_FALSE(graph.proved(root));
}

TEST_CASE("proof_graph: a circle proves nothing and stays open") {
  proof_graph graph;
  const auto root = graph.add_goal(), a = graph.add_goal();
  graph.add_step(root, tactic(1), a);
  graph.add_step(a, tactic(2), root);
  graph.add_step(a, tactic(3), a);
  graph.close(root);
  graph.close(a);
  CHECK_FALSE(graph.proved(root));
  CHECK_FALSE(graph.failed(root));
}

// The reference goes over all goals until nothing changes any more.
TEST_CASE("proof_graph agrees with a fixed point on random graphs") {
  outthink::random_stream random({.key = 3, .place = 1});
  for (int trial = 0; trial < 300; ++trial) {
    const std::size_t goals = 2 + random.below(8);
    proof_graph graph;
    for (std::size_t i = 0; i < goals; ++i) graph.add_goal();
    std::vector<std::vector<std::size_t>> ways(goals);
    std::vector<bool> closed(goals);
    for (unsigned step = 0; step < 20; ++step) {
      const std::size_t from = random.below(static_cast<std::uint32_t>(goals));
      if (closed[from]) continue;
      if (random.below(4) == 0) {
        closed[from] = true;
        graph.close(from);
        continue;
      }
      const std::size_t to = random.below(static_cast<std::uint32_t>(goals) + 1);
      ways[from].push_back(to);
      to == goals ? graph.add_proof(from, tactic(step)) : graph.add_step(from, tactic(step), to);
    }
    std::vector<std::size_t> distance(goals + 1, 1000);
    std::vector<bool> failed(goals + 1, false);
    distance[goals] = 0;
    for (std::size_t pass = 0; pass <= goals; ++pass) {
      for (std::size_t i = 0; i < goals; ++i) {
        bool all = closed[i];
        for (const std::size_t to : ways[i]) {
          distance[i] = std::min(distance[i], distance[to] + 1);
          all = all && failed[to];
        }
        failed[i] = all;
      }
    }
    for (std::size_t i = 0; i < goals; ++i) {
      CHECK(graph.proved(i) == (distance[i] < 1000));
      CHECK(graph.failed(i) == static_cast<bool>(failed[i]));
      if (graph.proved(i)) CHECK(graph.proof_of(i).size() == distance[i]);
    }
  }
}
