// SPDX-License-Identifier: MIT
#include "../support/vote.hpp"
#include <outthink/aggregators/filter_and_cluster.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

using outthink::candidate;
using outthink::filter_and_cluster;
using outthink::outcome;
using outthink::test::voter;

static_assert(outthink::aggregator<filter_and_cluster>);

namespace {

/// A program with this behaviour that passes the examples, or not.
candidate program(std::string behaviour, float score = 1) {
  candidate made = voter("def f(): ...", {score});
  made.key = std::move(behaviour);
  return made;
}

}  // namespace

// Clusters of 5, 3 and 1 and room for 10: one from each, then again from the largest, to the ninth.
TEST_CASE("filter_and_cluster submits one of each cluster in turn, the largest first") {
  std::vector<candidate> programs;
  for (const char* behaviour : {"b", "a", "a", "c", "b", "a", "a", "b", "a"})
    programs.push_back(program(behaviour));
  const std::vector<std::size_t> a{1, 2, 5, 6, 8}, b{0, 4, 7}, c{3};
  CHECK(filter_and_cluster{}.submissions(programs, 10) ==
        std::vector<std::size_t>{a[0], b[0], c[0], a[1], b[1], a[2], b[2], a[3], a[4]});
  CHECK(filter_and_cluster{}.submissions(programs, 4) ==
        std::vector<std::size_t>{a[0], b[0], c[0], a[1]});
  CHECK(filter_and_cluster{}.submissions(programs, 0).empty());
  const auto made = filter_and_cluster{}(programs);
  CHECK(made.chosen == a[0]);
  CHECK(made.confidence == 5.0 / 9);
}

TEST_CASE("filter_and_cluster drops what fails the examples before it clusters") {
  const std::vector<candidate> programs{program("wrong", 0), program("wrong", 0.4F),
                                        program("wrong", NAN), program("right", 0.5F)};
  CHECK(filter_and_cluster{}(programs).chosen == 3);
  CHECK(filter_and_cluster{}(programs).confidence == 1);
  CHECK(filter_and_cluster{.passes = 0.3F}(programs).chosen == 1);
  CHECK(filter_and_cluster{.passes = 0.9F}(programs).chosen == outcome::none);
}

TEST_CASE(
    "filter_and_cluster: without scores nothing is dropped, without an answer nothing votes") {
  CHECK(filter_and_cluster{}(std::vector{voter("x"), voter("y"), voter("y")}).chosen == 1);
  CHECK(filter_and_cluster{}(std::vector{voter("x"), voter("y")}).chosen == 0);
  CHECK(filter_and_cluster{}(std::vector{voter(""), voter(""), voter("y")}).chosen == 2);
  CHECK(filter_and_cluster{}({}).chosen == outcome::none);
  CHECK(filter_and_cluster{}.submissions({}, 3).empty());
}
