// SPDX-License-Identifier: MIT
// killed_rank FILE [die]: solves 24 problems and keeps the outcomes in FILE; with `die`, rank 1
// kills itself when it gets its second problem. Rank 0 prints how many problems were searched and
// the answers.
#include "mortal_tree.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/distribution/mpi_ranks.hpp>
#include <outthink/runtime/outcome_file.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <cstdio>
#include <string>
#include <vector>

using namespace outthink;

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  std::vector<problem> problems;
  for (int i = 0; i < 24; ++i) problems.emplace_back("question " + std::to_string(i));
  mpi_ranks ranks;
  test::mortal_tree model(argc > 2 && ranks.rank() == 1);
  no_verifier none;
  outcome_file kept(argv[1], "killed_rank");
  const auto outcomes = solve_on_ranks(ranks, problems, model, repeated_sampling{.n = 1}, none,
                                       majority_vote{}, {}, kept, no_observer{}, {.chunk = 1});
  int searched = 0;
  MPI_Reduce(&model.answered, &searched, 1, MPI_INT, MPI_SUM, 0, MPI_COMM_WORLD);
  if (ranks.rank() != 0) return 0;
  std::printf("searched %d\n", searched);
  for (const outcome& one : outcomes) std::printf("%s;", one.answer.c_str());
}
