// SPDX-License-Identifier: MIT
// More samples, more right answers: a sweep over the samples per problem, on all ranks.
// mpi_sweep, or mpirun -np 4 mpi_sweep [FOLDER THAT KEEPS THE OUTCOMES]
#include <outthink/backends/transformer.hpp>
#include <outthink/interop/json.hpp>
#include <outthink/interop/progress_bar.hpp>
#include <outthink/outthink.hpp>
#include <outthink/runtime/distribution/mpi_ranks.hpp>
#include <outthink/runtime/outcome_file.hpp>
#include <outthink/verifiers/chained_arithmetic.hpp>

#include <fmt/format.h>

#include <exception>
#include <string>
#include <vector>

using namespace outthink;

static void sweep(const std::string& folder) {
  // 1. Every rank has the same problems and a model of its own.
  mpi_ranks ranks;
  const std::string examples = OUTTHINK_EXAMPLES_DIR;
  decoder model{backends::transformer::load(examples + "/models/arithmetic-policy.gguf")};
  auto labelled = load_problems(examples + "/problems/chained_arithmetic.json", "test");
  labelled.erase(labelled.begin() + 20, labelled.end());
  std::vector<problem> problems;
  for (const labelled_problem& one : labelled) problems.push_back(one.question);

  const solve_options options{.seed = 1, .answer = &verifiers::chained_arithmetic::answer_of};
  for (const int n : {1, 4, 16}) {
    // 2. A file for each run: what it has is not searched again.
    const std::string run = fmt::format("{} samples", n);
    outcome_file kept(folder.empty() ? "/dev/null" : folder + "/" + run, run);

    // 3. Rank 0 hands out problems, takes outcomes and shows how it goes.
    progress_bar bar(run);
    const std::vector<outcome> outcomes =
        solve_on_ranks(ranks, problems, model, repeated_sampling{.n = n}, no_verifier{},
                       majority_vote{}, options, kept, bar);
    if (ranks.rank() != 0) continue;
    bar.clear();
    int right = 0;
    for (std::size_t i = 0; i < outcomes.size(); ++i)
      right += outcomes[i].answer == labelled[i].answer;
    fmt::print("{:>2} samples: {:>2} of {} right\n", n, right, outcomes.size());
  }
}

int main(int argc, char** argv) {
  try {
    sweep(argc > 1 ? argv[1] : "");
  } catch (const std::exception& problem) {
    fmt::print(stderr, "mpi_sweep: {}\n", problem.what());
    return 1;
  }
}
