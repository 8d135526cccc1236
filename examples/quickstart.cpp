// SPDX-License-Identifier: MIT
// The main job: the shipped models on the shipped problems, with more and more computation.
#include "support/report.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdlib>
#include <exception>
#include <string_view>

using namespace outthink;

namespace {

void compare_strategies(const task_files& task, std::size_t count, int threads) {
  const auto problems = spread(load_problems(task.problems, "test"), count);
  report table(task, problems, {.seed = 1, .answer = task.answer}, threads);
  const best_score best{.reduction = task.reduction};
  const weighted_vote weighted{.reduction = task.reduction};
  table.row("greedy", 1, repeated_sampling{.n = 1}, majority_vote{}, greedy);
  for (const int n : {1, 4, 16, 64}) {
    table.row("self-consistency", n, repeated_sampling{.n = n}, majority_vote{}, {});
  }
  for (const int n : {1, 4, 16, 64}) table.row("best-of-N", n, repeated_sampling{.n = n}, best);
  for (const int n : {1, 4, 16, 64}) {
    table.row("weighted best-of-N", n, repeated_sampling{.n = n}, weighted);
  }
  for (const int n : {1, 4, 16, 64}) {
    table.row("DVTS", n, dvts{.subtrees = (n + 3) / 4, .expand = n < 4 ? n : 4}, weighted);
  }
  for (const int n : {1, 4, 16, 64}) {  // about as many steps as n solutions have
    const int expand = n < 4 ? n : 4;
    table.row("tree search", n,
              tree_search{.simulations = task.steps * n / expand, .expand = expand}, best);
  }
  for (const int n : {1, 4, 16, 64}) {
    table.row("beam search", n, beam_search{.width = (n + 3) / 4, .expand = n < 4 ? n : 4}, best);
  }
  table.show_solved();
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t count = 30;
  int threads = 2;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::string_view(argv[i]) == "--problems") count = std::strtoul(argv[i + 1], nullptr, 10);
    if (std::string_view(argv[i]) == "--threads") threads = std::atoi(argv[i + 1]);
  }
  try {
    compare_strategies(game_of_24_task(), count, threads);
    compare_strategies(chained_arithmetic_task(), count, threads);
  } catch (const std::exception& problem) {
    fmt::print(stderr, "quickstart: {}\n", problem.what());
    return 1;
  }
}
