// SPDX-License-Identifier: MIT
// killed_journal FOLDER [die]: solves 24 problems with a journal for each rank in FOLDER; with
// `die`, rank 1 kills itself when it is asked for the second time. Rank 0 prints how many answers
// were paid in this run and what was answered.
#include "mortal_tree.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/runtime/distribution/mpi_ranks.hpp>
#include <outthink/runtime/journaled.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

using namespace outthink;

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  std::vector<problem> problems;
  for (int i = 0; i < 24; ++i) problems.emplace_back("question " + std::to_string(i));
  mpi_ranks ranks;
  test::mortal_tree model(argc > 2 && ranks.rank() == 1);

  const auto path = [&](int rank) {
    return std::string(argv[1]) + "/rank-" + std::to_string(rank) + ".db";
  };
  journal file(path(ranks.rank()));
  MPI_Barrier(MPI_COMM_WORLD);  // every rank has made its journal
  for (int rank = 0; std::filesystem::exists(path(rank)); ++rank) {
    if (rank != ranks.rank()) file.also_replay(path(rank));
  }
  journaled kept(file, "toy tree", model);

  no_verifier none;
  const auto outcomes =
      solve_on_ranks(ranks, problems, kept, beam_search{.width = 2, .expand = 2}, none,
                     majority_vote{}, {}, nothing_kept{}, no_observer{}, {.chunk = 4});
  int paid = 0;
  MPI_Reduce(&model.answered, &paid, 1, MPI_INT, MPI_SUM, 0, MPI_COMM_WORLD);
  if (ranks.rank() != 0) return 0;
  std::printf("paid %d\n", paid);
  for (const outcome& one : outcomes) std::printf("%s;", one.answer.c_str());
}
