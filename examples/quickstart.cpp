// SPDX-License-Identifier: MIT
// The main job: the shipped models on the shipped problems, with more and more computation.
#include "support/arguments.hpp"
#include "support/report.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <exception>
#include <string>

using namespace outthink;

static void compare_strategies(const task_files& task, const std::string& split, std::size_t count,
                               int threads) {
  const auto problems = spread(load_problems(task.problems, split), count);
  report table(task, problems, threads);
  const step_reduction by = task.reduction;
  const best_score best{by};
  const weighted_vote weighted{by};
  table.row("greedy", 1, repeated_sampling{.n = 1}, majority_vote{}, greedy);
  for (const int n : {1, 4, 16, 64}) {
    table.row("self-consistency", n, repeated_sampling{.n = n}, majority_vote{}, task.sampling);
  }
  for (const int n : {1, 4, 16, 64}) table.row("best-of-N", n, repeated_sampling{.n = n}, best);
  for (const int n : {1, 4, 16, 64}) {
    table.row("weighted best-of-N", n, repeated_sampling{.n = n}, weighted);
  }
  for (const int n : {1, 4, 16, 64}) {  // n next steps are drawn side by side
    const int k = n < 4 ? n : 4;
    table.row("DVTS", n, dvts{.subtrees = n / k, .expand = k, .reduction = by}, weighted);
  }
  const step_value value = task.tree_value;
  for (const int n : {1, 4, 16, 64}) {  // n rollouts, or about as many steps as n solutions have
    const int k = n < 4 ? n : 4, each = value == step_value::rollout ? 1 : task.steps;
    const tree_search policy{
        .simulations = each * n / k, .expand = k, .value = value, .reduction = by};
    table.row("tree search", n, policy, best);
  }
  for (const int n : {1, 4, 16, 64}) {
    const int k = n < 4 ? n : 4;
    table.row("beam search", n, beam_search{.width = n / k, .expand = k, .reduction = by}, best);
  }
  table.show_solved();
}

int main(int argc, char** argv) {
  try {
    const arguments given({{"--problems", "30"}, {"--split", "test"}, {"--threads", "2"}}, argc,
                          argv);
    for (const task_files& task : {game_of_24_task(), chained_arithmetic_task()}) {
      compare_strategies(task, given.text("--split"),
                         static_cast<std::size_t>(given.count("--problems")),
                         given.count("--threads"));
    }
  } catch (const std::exception& problem) {
    fmt::print(stderr, "quickstart: {}\n", problem.what());
    return 1;
  }
}
