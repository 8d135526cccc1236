// SPDX-License-Identifier: MIT
#include <outthink/core/random_stream.hpp>
#include <outthink/policies/ets/pruning_program.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

using outthink::pruning_program;
constexpr std::uint32_t top = pruning_program::top;

namespace {

/// The best of all choices, tried one by one.
double best_by_force(const pruning_program& program) {
  double best = -1e300;
  const std::size_t n = program.leaves.size();
  for (std::uint32_t mask = 1; mask < (1U << n); ++mask) {
    std::vector<bool> kept(n);
    double sum = 0;
    std::vector<bool> used(program.parents.size()), covered(n);
    for (std::size_t i = 0; i < n; ++i) {
      if ((mask >> i & 1) == 0) continue;
      sum += program.gains[i];
      covered[program.clusters[i]] = true;
      for (std::uint32_t at = program.leaves[i]; at != top; at = program.parents[at])
        used[at] = true;
    }
    sum -= program.node_cost * static_cast<double>(std::count(used.begin(), used.end(), true));
    sum += program.cluster_bonus *
           static_cast<double>(std::count(covered.begin(), covered.end(), true));
    best = std::max(best, sum);
  }
  return best;
}

pruning_program random_program(outthink::random_stream& random, std::uint32_t most_leaves) {
  pruning_program program;
  const std::uint32_t inner = random.below(6), leaves = 1 + random.below(most_leaves);
  const std::uint32_t clusters = 1 + random.below(leaves);
  for (std::uint32_t i = 0; i < inner; ++i) {
    const std::uint32_t up = random.below(i + 1);
    program.parents.push_back(up == i ? top : up);
  }
  for (std::uint32_t i = 0; i < leaves; ++i) {
    const std::uint32_t up = random.below(inner + 1);
    program.leaves.push_back(static_cast<std::uint32_t>(program.parents.size()));
    program.parents.push_back(up == inner ? top : up);
    program.gains.push_back(random.uniform());
    program.clusters.push_back(random.below(clusters));
  }
  program.node_cost = random.below(2) == 0 ? 0 : random.uniform();
  program.cluster_bonus = random.below(2) == 0 ? 0 : 2 * random.uniform();
  return program;
}

}  // namespace

TEST_CASE("pruning_program finds what trying all choices finds") {
  outthink::random_stream random({1, 2});
  for (int i = 0; i < 600; ++i) {
    const pruning_program program = random_program(random, 10);
    const std::vector<bool> kept = program.solve();
    REQUIRE(kept.size() == program.leaves.size());
    CHECK(program.worth(kept) == doctest::Approx(best_by_force(program)).epsilon(1e-9));
  }
}

TEST_CASE("pruning_program keeps a leaf even where none is worth its cost") {
  pruning_program program;
  program.parents = {top, 0, 0};
  program.leaves = {1, 2};
  program.clusters = {0, 1};
  program.gains = {0.1, 0.2};
  program.node_cost = 5;
  CHECK(program.solve() == std::vector<bool>{false, true});
}

TEST_CASE("pruning_program keeps leaves that share their path rather than better ones apart") {
  // Two leaves of .5 each below one node, two of .55 each below nodes of their own.
  pruning_program program;
  program.parents = {top, top, top, 0, 0, 1, 2};
  program.leaves = {3, 4, 5, 6};
  program.clusters = {0, 1, 2, 3};
  program.gains = {0.5, 0.5, 0.55, 0.55};
  program.node_cost = 0.3;
  CHECK(program.solve() == std::vector<bool>{true, true, false, false});
  program.node_cost = 0.2;
  CHECK(program.solve() == std::vector<bool>{true, true, true, true});
}

TEST_CASE("pruning_program pays for a cluster once") {
  pruning_program program;
  program.parents = {top, top, top};
  program.leaves = {0, 1, 2};
  program.clusters = {0, 0, 1};
  program.gains = {0.1, 0.2, 0.05};
  program.node_cost = 0.4;
  program.cluster_bonus = 0.5;
  CHECK(program.solve() == std::vector<bool>{false, true, true});
}

TEST_CASE("pruning_program decides 256 leaves within its bounds") {
  // A search's last rounds: 256 leaves in runs of 8 below 32 nodes, clusters of about 4.
  outthink::random_stream random({3, 4});
  pruning_program program;
  for (int i = 0; i < 32; ++i) program.parents.push_back(top);
  for (std::uint32_t i = 0; i < 256; ++i) {
    program.leaves.push_back(32 + i);
    program.parents.push_back(i / 8);
    program.gains.push_back(random.uniform() / 128);
    program.clusters.push_back(random.below(64));
  }
  program.node_cost = 1.0 / 288;
  program.cluster_bonus = 1.5 / 64;
  const std::vector<bool> kept = program.solve();
  // No single change is better.
  for (std::size_t i = 0; i < 256; ++i) {
    std::vector<bool> other = kept;
    other[i] = !other[i];
    CHECK(program.worth(other) <= program.worth(kept) + 1e-12);
  }
}
