// SPDX-License-Identifier: MIT
// Runs on any number of ranks, `mpirun` or not.
#include "../../support/same_outcome.hpp"
#include "../../support/toy_tree.hpp"
#include <outthink/aggregators/weighted_vote.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/runtime/distribution/mpi_ranks.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace outthink;
using outthink::test::same;
using outthink::test::toy_tree;

static_assert(message_ranks<mpi_ranks>);

TEST_CASE("mpi_ranks carries messages of any bytes and sizes, in order") {
  mpi_ranks ranks;
  const int last = ranks.size() - 1;
  const std::vector<std::string> sent{"", std::string("\0\xFF", 2), std::string(3000000, 'x')};
  if (last == 0) return;
  if (ranks.rank() == last) {
    for (const std::string& bytes : sent) ranks.send(0, message_kind::report, bytes);
    ranks.send(0, message_kind::idle, "end");
  } else if (ranks.rank() == 0) {
    for (const std::string& bytes : sent) {
      const rank_message got = ranks.receive();
      CHECK(got.from == last);
      CHECK(got.kind == message_kind::report);
      CHECK(got.bytes == bytes);
    }
    CHECK(ranks.receive().kind == message_kind::idle);
  }
}

TEST_CASE("mpi_ranks of one communicator do not see the messages of another") {
  mpi_ranks first, second;
  if (first.size() == 1) return;
  if (first.rank() == 1) {
    first.send(0, message_kind::idle, "first");
    second.send(0, message_kind::idle, "second");
  } else if (first.rank() == 0) {
    CHECK(second.receive().bytes == "second");
    CHECK(first.receive().bytes == "first");
  }
}

TEST_CASE("solve_on_ranks gives the bits of one process under mpirun") {
  std::vector<problem> problems;
  for (int i = 0; i < 30; ++i) problems.emplace_back("question " + std::to_string(i));
  toy_tree model;
  model.random = true;
  no_verifier none;
  const beam_search beam{.width = 2, .expand = 2};
  const solve_options options{.seed = 9};
  const auto expected = solve_all(problems, model, beam, none, weighted_vote{}, options);
  mpi_ranks ranks;
  for (const std::size_t chunk : {1U, 16U}) {
    const auto outcomes = solve_on_ranks(ranks, problems, model, beam, none, weighted_vote{},
                                         options, nothing_kept{}, no_observer{}, {.chunk = chunk});
    CHECK(outcomes.size() == (ranks.rank() == 0 ? 30 : 0));
    if (ranks.rank() == 0) CHECK(same(outcomes, expected));
  }
}
