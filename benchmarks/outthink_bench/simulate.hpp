// SPDX-License-Identifier: MIT
#pragma once

#include "simulation.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/aggregators/weighted_vote.hpp>
#include <outthink/interop/any_service.hpp>
#include <outthink/policies/adaptive_sampling.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/stopping/adaptive_consistency.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace bench {

/// What is asked of a cluster.
struct simulated_load {
  double problems = 1e6;
  int samples = 1000;  ///< of each problem, at most
  std::uint64_t seed = 1;
};

/// A way to spend samples.
struct simulated_strategy {
  enum class kind : std::uint8_t { vote, early, judged, beam };
  kind what;
  int n;

  /// What is chosen among the solutions, in as many ways as there are choices.
  [[nodiscard]] std::vector<std::string> names() const {
    if (what == kind::early) return {fmt::format("vote of {}, stopped early", n)};
    if (what == kind::beam) return {fmt::format("beam search, N = {}", n)};
    if (what == kind::judged)
      return {fmt::format("weighted vote of {}", n), fmt::format("best of {}", n)};
    return {n == 1 ? "one sample" : fmt::format("vote of {}", n)};
  }
  [[nodiscard]] bool uses_verifier() const noexcept {
    return what == kind::judged || what == kind::beam;
  }
  /// Requests of a search that are under way together.
  [[nodiscard]] int width() const noexcept { return what == kind::early ? std::min(n, kBatch) : n; }

  static constexpr int kBatch = 16;  ///< solutions between two looks at the votes
};

/// What a strategy takes, and is worth, on the whole load.
struct simulated_result {
  std::vector<double> right;  ///< [names] of the problems that were searched
  double problems = 0;        ///< their number
  double seconds = 0;         ///< of the whole load
  double tokens = 0;          ///< written for a problem
  double busy = 0;            ///< share of the model's machines' time
  double money = 0;           ///< of the whole load
};

namespace detail {

/// One run in virtual time over the first problems.
struct simulated_slice {
  double problems = 0, seconds = 0, tokens = 0, busy = 0;
  std::vector<double> right;
};

inline std::vector<double> count_right(const simulated_strategy& how,
                                       const std::vector<outthink::outcome>& outcomes) {
  using kind = simulated_strategy::kind;
  constexpr auto kLast = outthink::step_reduction::last;
  std::vector<double> right(how.names().size());
  for (const outthink::outcome& one : outcomes) {
    const auto add = [&](std::size_t choice, const outthink::decision& made) {
      const bool chosen = made.chosen < one.candidates.size();
      right[choice] += chosen && one.candidates[made.chosen].answer == "right" ? 1 : 0;
    };
    const std::span<const outthink::candidate> all = one.candidates;
    if (how.what == kind::judged) {
      add(0, outthink::weighted_vote{kLast}(all));
      add(1, outthink::best_score{kLast}(all));
    } else if (how.what == kind::beam) {
      add(0, outthink::best_score{kLast}(all));
    } else {
      add(0, outthink::majority_vote{}(all));
    }
  }
  return right;
}

/// Answers are chosen afterwards.
struct no_choice {
  outthink::decision operator()(std::span<const outthink::candidate>) const { return {}; }
};

template <class Model, class Verifier>
std::vector<outthink::outcome> search(const simulated_strategy& how,
                                      std::span<const outthink::problem> problems, Model& model,
                                      Verifier& verifier, const outthink::solve_options& options) {
  using kind = simulated_strategy::kind;
  const no_choice choose;
  outthink::no_verifier none;
  if (how.what == kind::vote)
    return solve_all(problems, model, outthink::repeated_sampling{.n = how.n}, none, choose,
                     options);
  if (how.what == kind::early) {
    const outthink::adaptive_sampling<outthink::adaptive_consistency> early{
        .stop = {}, .batch = how.width(), .max_samples = how.n};
    return solve_all(problems, model, early, none, choose, options);
  }
  if (how.what == kind::beam) {
    const outthink::beam_search beam{.width = std::max(1, how.n / 4), .expand = std::min(4, how.n)};
    return solve_all(problems, model, beam, verifier, choose, options);
  }
  return solve_all(problems, model, outthink::repeated_sampling{.n = how.n}, verifier, choose,
                   options);
}

/// Searches that keep the machines supplied, though each of them waits for its slowest answer.
inline std::size_t live_searches(const simulation& of, const simulated_strategy& how) {
  const double slots = static_cast<double>(of.cluster.replicas) * of.cluster.max_batch;
  return static_cast<std::size_t>(std::ceil(3 * slots / how.width())) + 1;
}

/// `in_turns`: the next requests are sent when all that were sent are answered.
inline simulated_slice run_slice(const simulation& of, const simulated_strategy& how,
                                 std::size_t count, std::uint64_t seed, bool in_turns) {
  std::vector<outthink::problem> problems;
  for (std::size_t i = 0; i < count; ++i) problems.emplace_back(simulated_prompt(i));
  outthink::backends::virtual_clock clock;
  simulated_model model(of, of.cluster, clock);
  simulated_verifier verifier(of, verifier_cluster(of), clock);
  outthink::solve_options options;
  options.seed = seed;
  options.answer = &outthink::backends::synthetic_model::answer_of;
  options.steps.max_tokens = options.steps.max_total_tokens = 1'000'000'000;
  options.max_live = live_searches(of, how);
  options.max_batch = std::size_t{of.cluster.replicas} * of.cluster.max_batch;
  std::vector<outthink::outcome> outcomes;
  if (in_turns) {
    outthink::any_language_model waiting(model);
    outthink::any_verifier judge(verifier);
    outcomes = search(how, problems, waiting, judge, options);
  } else {
    outcomes = search(how, problems, model.cluster(), verifier.cluster(), options);
  }
  return {static_cast<double>(count), clock.seconds(), model.cluster().report().tokens_written,
          model.cluster().report().busy_seconds / of.cluster.replicas, count_right(how, outcomes)};
}

}  // namespace detail

/// @brief Finds how long a load takes by a strategy, and at what cost.
///
/// How it works: two parts of the load are run, the second twice the first, which is large enough
/// to fill the machines several times; the rest takes as long for each problem as the second took
/// more than the first. `least` problems are run at least. Of more than eight machines eight are
/// run, with their share of the load. `in_turns`: the next requests are sent when all that were
/// sent are answered.
/// Requires: a positive load. Cost: some microseconds for each request of the parts.
/// Determinism: a function of its arguments.
[[nodiscard]] inline simulated_result simulate(const simulation& of, const simulated_load& load,
                                               const simulated_strategy& how, double least,
                                               bool in_turns = false) {
  constexpr std::uint32_t kMachines = 8;
  const double share = std::max(1.0, static_cast<double>(of.cluster.replicas) / kMachines);
  simulation part = of;
  part.cluster.replicas = std::min(of.cluster.replicas, kMachines);
  part.verifier_replicas =
      std::max(1U, static_cast<std::uint32_t>(std::lround(of.verifier_replicas / share)));
  const double problems = std::ceil(load.problems / share);
  const auto live = static_cast<double>(detail::live_searches(part, how));
  const double run = std::min(problems, std::ceil(std::max(least, 2 * live)));
  const auto slice = [&](double count) {
    return detail::run_slice(part, how, static_cast<std::size_t>(count), load.seed, in_turns);
  };
  const detail::simulated_slice second = slice(run);
  simulated_result made{
      second.right, run, second.seconds, second.tokens / run, second.busy / second.seconds, 0};
  if (problems > run) {
    const detail::simulated_slice first = slice(std::floor(run / 2));
    const double seconds = second.seconds - first.seconds;
    made.seconds += (problems - run) * seconds / (run - first.problems);
    made.busy = (second.busy - first.busy) / seconds;
  }
  const double machines = of.cluster.replicas + (how.uses_verifier() ? of.verifier_replicas : 0U);
  made.money = machines * made.seconds / 3600 * of.price;
  return made;
}

/// The strategies that are compared for a number of samples: a hundredth, a tenth and all of them,
/// and searches, whose requests are many times as many, of the smaller numbers.
[[nodiscard]] inline std::vector<simulated_strategy> simulated_strategies(int samples) {
  using kind = simulated_strategy::kind;
  std::vector<simulated_strategy> all{{kind::vote, 1}};
  for (const kind what : {kind::vote, kind::judged, kind::beam}) {
    for (const int part : {100, 10, 1}) {
      const int n = samples / part;
      if (n >= 4 && !(what == kind::beam && n > 100))
        all.push_back({what, what == kind::beam ? n / 4 * 4 : n});
    }
  }
  if (samples >= 4) all.push_back({kind::early, samples});
  return all;
}

}  // namespace bench
