// SPDX-License-Identifier: MIT
#pragma once

#include "tally.hpp"
#include "task.hpp"
#include <outthink/interop/fmt.hpp>
#include <outthink/interop/progress_bar.hpp>

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

/// Runs strategies over a task's problems and prints one table row for each.
class report {
 public:
  report(const task_files& task, std::vector<outthink::labelled_problem> problems, int threads)
      : task_(task),
        problems_(std::move(problems)),
        options_{.seed = 1, .sampling = task.sampling, .answer = task.answer},
        model_(outthink::backends::transformer::load(task.policy, {.threads = threads})),
        verifier_(outthink::backends::transformer::load(task.value, {.threads = threads}),
                  {.score_end = task.score_end}) {
    for (const auto& p : problems_) questions_.push_back(p.question);
    fmt::print(
        "{}: {} problems, {:.2f} M weights (policy) + {:.2f} M (value model)\n\n{:<30}{:>4}"
        "{:>22}{:>10}{:>10}{:>10}{:>9}\n{:<30}{:>4}{:>22}{:>10}{:>10}{:>10}{:>9}\n",
        task.name, problems_.size(), weights(model_), weights(verifier_), "strategy", "N",
        "right [95 %]", "tokens", "verifier", "model", "seconds", "", "", "", "/problem", "calls",
        "GFLOP", "in all");
  }

  /// One row: the policy without a verifier.
  template <class Policy, class Aggregator>
  void row(const std::string& name, int n, const Policy& policy, const Aggregator& aggregate,
           const outthink::sampling_options& sampling) {
    outthink::no_verifier none;
    run(name, n, policy, none, aggregate, sampling);
  }

  /// One row: the policy with the task's value model.
  template <class Policy, class Aggregator>
  void row(const std::string& name, int n, const Policy& policy, const Aggregator& aggregate) {
    last_ = run(name, n, policy, verifier_, aggregate, options_.sampling);
  }

  /// The first problem that the last strategy solved, step by step with its scores.
  void show_solved() const {
    for (std::size_t i = 0; i < last_.size(); ++i) {
      if (!task_.is_right(problems_[i], last_[i])) continue;
      fmt::print("\n{}solved, with the value model's score of every step:\n{}\n",
                 problems_[i].question.prompt, last_[i].best());
      return;
    }
    fmt::print("\nnone of the problems was solved\n\n");
  }

 private:
  template <class Evaluator>
  static double weights(const Evaluator& evaluator) {
    return static_cast<double>(evaluator.model().parameters()) * 1e-6;
  }

  template <class Policy, class Verifier, class Aggregator>
  std::vector<outthink::outcome> run(const std::string& name, int n, const Policy& policy,
                                     Verifier& verifier, const Aggregator& aggregate,
                                     const outthink::sampling_options& sampling) {
    outthink::solve_options options = options_;
    options.sampling = sampling;
    outthink::stopwatch watch;
    outthink::progress_bar bar(name + fmt::format(", N = {}", n));
    auto outcomes = solve_all(questions_, model_, policy, verifier, aggregate, options, bar);
    const double seconds = watch.seconds();
    bar.clear();
    tally counted;
    counted.add(task_, problems_, outcomes);
    fmt::print("{:<30}{:>4}{:>22}{:>10.0f}{:>10.0f}{:>10.2f}{:>9.1f}\n", name, n,
               counted.accuracy(), counted.tokens_each(), counted.verifier_calls_each(),
               counted.gflop_each(), seconds);
    std::fflush(stdout);
    return outcomes;
  }

  task_files task_;
  std::vector<outthink::labelled_problem> problems_;
  std::vector<outthink::problem> questions_;
  outthink::solve_options options_;
  outthink::decoder<outthink::backends::transformer> model_;
  outthink::verifiers::value_model<outthink::backends::transformer> verifier_;
  std::vector<outthink::outcome> last_;
};
