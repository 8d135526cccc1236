// SPDX-License-Identifier: MIT
// Accuracy of the shipped models against computation: every strategy over several seeds.
//   accuracy [--split validation|test] [--seeds 3] [--task game24|arithmetic|all] [--threads 2]
//            [--level 4]   (chained arithmetic: the easiest level)
#include "../examples/support/arguments.hpp"
#include "../examples/support/tally.hpp"
#include "../examples/support/task.hpp"
#include <outthink/interop/fmt.hpp>

#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace outthink;

namespace {

/// Runs strategies on one task, each with several seeds.
class bench {
 public:
  bench(task_files task, const std::string& split, int seeds, int threads)
      : task_(std::move(task)),
        problems_(of_level(load_problems(task_.problems, split), task_.min_level)),
        seeds_(seeds),
        model_(backends::transformer::load(task_.policy, {.threads = threads})),
        verifier_(backends::transformer::load(task_.value, {.threads = threads}),
                  {.score_end = task_.score_end}) {
    for (const auto& p : problems_) questions_.push_back(p.question);
    fmt::print("\n{}, {} problems ({}), {} seeds\n{:<38}{:>22}{:>10}{:>10}{:>9}\n", task_.name,
               problems_.size(), split, seeds_, "strategy", "right [95 %]", "tokens", "scored",
               "seconds");
  }

  template <class Policy, class Verifier, class Aggregator>
  void row(const std::string& name, const Policy& policy, Verifier& verifier,
           const Aggregator& aggregate, std::optional<sampling_options> sampling = {}) {
    tally counted;
    const stopwatch watch;
    for (int seed = 1; seed <= seeds_; ++seed) {
      solve_options options{.seed = static_cast<std::uint64_t>(seed),
                            .sampling = sampling.value_or(task_.sampling)};
      options.answer = task_.answer;
      counted.add(task_, problems_,
                  solve_all(questions_, model_, policy, verifier, aggregate, options));
    }
    fmt::print("{:<38}{:>22}{:>10.0f}{:>10.0f}{:>9.1f}\n", name, counted.accuracy(),
               counted.tokens_each(), counted.verifier_calls_each(), watch.seconds());
    std::fflush(stdout);
  }

  auto& value() { return verifier_; }
  no_verifier none;

 private:
  static std::vector<labelled_problem> of_level(std::vector<labelled_problem> all, int level) {
    std::erase_if(all, [level](const labelled_problem& p) { return p.level < level; });
    return all;
  }

  task_files task_;
  std::vector<labelled_problem> problems_;
  std::vector<problem> questions_;
  int seeds_;
  decoder<backends::transformer> model_;
  verifiers::value_model<backends::transformer> verifier_;
};

void game_of_24(const std::string& split, int seeds, int threads) {
  const task_files task = game_of_24_task();
  const step_reduction reduce = task.reduction;
  bench b(task, split, seeds, threads);
  b.row("greedy", repeated_sampling{.n = 1}, b.none, majority_vote{}, greedy);
  b.row("one sample", repeated_sampling{.n = 1}, b.none, majority_vote{});
  for (const int n : {4, 16, 20, 64}) {
    b.row(fmt::format("best of {} by value", n), repeated_sampling{.n = n}, b.value(),
          best_score{reduce});
  }
  for (const auto& [samples, width] : {std::pair(20, 1),
                                       {20, 2},
                                       {20, 4},
                                       {20, 5},
                                       {20, 10},
                                       {100, 2},
                                       {100, 4},
                                       {100, 5},
                                       {100, 10},
                                       {100, 25}}) {
    b.row(fmt::format("beam, {} samples a step, width {}", samples, width),
          beam_search{.width = width, .expand = samples / width, .reduction = reduce}, b.value(),
          best_score{reduce});
  }
  b.row("DVTS, 5 subtrees of 4", dvts{.subtrees = 5, .expand = 4, .reduction = reduce}, b.value(),
        best_score{reduce});
  b.row("lookahead 1, 20 samples a step, width 4",
        lookahead_search{.width = 4, .expand = 5, .reduction = reduce}, b.value(),
        best_score{reduce});
  b.row("REBASE, width 20", rebase{.width = 20, .reduction = reduce}, b.value(),
        best_score{reduce});
  b.row("particle filter, 20", particle_filter{.particles = 20, .reduction = reduce}, b.value(),
        best_score{reduce});
  b.row("speculative rejection, 20 down", speculative_rejection{.samples = 20, .reduction = reduce},
        b.value(), best_score{reduce});
  b.row("best-first search, 15 x 4",
        best_first_search{.expansions = 15, .expand = 4, .reduction = reduce}, b.value(),
        best_score{reduce});
  b.row("depth-first search, 15 x 4",
        depth_first_search{.expand = 4, .threshold = 0.5F, .expansions = 15, .reduction = reduce},
        b.value(), best_score{reduce});
  b.row("tree search, 15 simulations of 4", tree_search{.simulations = 15, .reduction = reduce},
        b.value(), best_score{reduce});
}

void chained_arithmetic(const std::string& split, int seeds, int threads, int min_level) {
  task_files task = chained_arithmetic_task();
  task.min_level = min_level;
  task.name += fmt::format(", levels from {}", min_level);
  const step_reduction reduce = task.reduction;
  bench b(task, split, seeds, threads);
  b.row("greedy", repeated_sampling{.n = 1}, b.none, majority_vote{}, greedy);
  b.row("one sample", repeated_sampling{.n = 1}, b.none, majority_vote{});
  for (const int n : {4, 8, 16, 32, 64}) {
    const repeated_sampling sample{.n = n};
    b.row(fmt::format("majority of {}", n), sample, b.none, majority_vote{});
    b.row(fmt::format("best of {} by value", n), sample, b.value(), best_score{reduce});
    b.row(fmt::format("weighted vote of {}", n), sample, b.value(), weighted_vote{reduce});
  }
  for (const int n : {4, 16, 64}) {
    b.row(fmt::format("beam, N = {}", n),
          beam_search{.width = n / 4, .expand = 4, .reduction = reduce}, b.value(),
          weighted_vote{reduce});
    b.row(fmt::format("DVTS, N = {}", n), dvts{.subtrees = n / 4, .expand = 4, .reduction = reduce},
          b.value(), weighted_vote{reduce});
    b.row(fmt::format("REBASE, N = {}", n), rebase{.width = n, .reduction = reduce}, b.value(),
          weighted_vote{reduce});
    b.row(fmt::format("particle filter, N = {}", n),
          particle_filter{.particles = n, .reduction = reduce}, b.value(), weighted_vote{reduce});
    b.row(fmt::format("tree search, N = {} rollouts", n),
          tree_search{.simulations = n / 4, .value = step_value::rollout, .reduction = reduce},
          b.value(), weighted_vote{reduce});
  }
  b.row("adaptive consistency, at most 64",
        adaptive_sampling{.stop = adaptive_consistency{}, .max_samples = 64}, b.none,
        majority_vote{});
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const arguments given({{"--split", "validation"},
                           {"--task", "all"},
                           {"--seeds", "3"},
                           {"--threads", "2"},
                           {"--level", "4"}},
                          argc, argv);
    const std::string split = given.text("--split"), task = given.text("--task");
    const int seeds = given.count("--seeds"), threads = given.count("--threads");
    if (task != "arithmetic") game_of_24(split, seeds, threads);
    if (task != "game24") chained_arithmetic(split, seeds, threads, given.count("--level"));
  } catch (const std::exception& problem) {
    fmt::print(stderr, "accuracy: {}\n", problem.what());
    return 1;
  }
}
