// SPDX-License-Identifier: MIT
#pragma once

#include "simulate.hpp"
#include <outthink/analysis/wilson_interval.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace bench {

/// A row of the strategies' table.
struct simulated_row {
  std::string name;
  double accuracy = 0;
  outthink::interval range{};
  simulated_result cost;
};

[[nodiscard]] inline std::vector<simulated_row> simulated_rows(const simulation& of,
                                                               const simulated_load& load) {
  constexpr double kProblems = 200;  // more where it is cheap
  std::vector<simulated_row> rows;
  for (const simulated_strategy& how : simulated_strategies(load.samples)) {
    const simulated_result made = simulate(of, load, how, kProblems);
    const std::vector<std::string> names = how.names();
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto right = static_cast<std::size_t>(made.right[i]);
      rows.push_back({names[i], made.right[i] / made.problems,
                      outthink::wilson_interval(right, static_cast<std::size_t>(made.problems)),
                      made});
    }
  }
  return rows;
}

/// The cheapest row that is at most `margin` less accurate than the most accurate one.
[[nodiscard]] inline const simulated_row& best_value(const std::vector<simulated_row>& rows,
                                                     double margin) {
  double best = 0;
  for (const simulated_row& one : rows) best = std::max(best, one.accuracy);
  const simulated_row* chosen = nullptr;
  for (const simulated_row& one : rows) {
    if (one.accuracy < best - margin) continue;
    if (chosen == nullptr || one.cost.money < chosen->cost.money) chosen = &one;
  }
  return *chosen;
}

/// A choice of the scheduler, and the cluster without it.
struct simulated_choice {
  std::string name;
  simulation without;
  bool in_turns = false;
};

[[nodiscard]] inline std::vector<simulated_choice> simulated_choices(const simulation& of) {
  std::vector<simulated_choice> all(4, {"", of, false});
  all[0].name = "one sequence at a time on each machine";
  all[0].without.cluster.max_batch = 1;
  all[1].name = "in turns: nothing is sent before all answers are in";
  all[1].in_turns = true;
  all[2].name = "without affinity: to whichever machine is free";
  all[2].without.cluster.affinity = false;
  all[3].name = "without affinity and prefix cache";
  all[3].without.cluster.affinity = all[3].without.cluster.prefix_cache = false;
  return all;
}

namespace detail {

inline std::string time_text(double seconds) {
  if (seconds < 120) return fmt::format("{:.1f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.1f} min", seconds / 60);
  if (seconds < 48 * 3600.0) return fmt::format("{:.1f} h", seconds / 3600);
  return fmt::format("{:.1f} days", seconds / 86400);
}

}  // namespace detail

/// How long, at what cost, by which strategy.
[[nodiscard]] inline std::string strategies_text(const std::vector<simulated_row>& rows) {
  std::string made = fmt::format("{:>22}{:>10}{:>12}{:>12}{:>8}  {}\n", "right [95 %]", "tokens",
                                 "time", "cost", "busy", "strategy");
  for (const simulated_row& one : rows) {
    made += fmt::format("{:>5.1f} % [{:>4.1f}, {:>5.1f}]{:>10.0f}{:>12}{:>12.0f}{:>6.0f} %  {}\n",
                        100 * one.accuracy, 100 * one.range.low, 100 * one.range.high,
                        one.cost.tokens, detail::time_text(one.cost.seconds), one.cost.money,
                        100 * one.cost.busy, one.name);
  }
  for (const double margin : {0.0, 0.02, 0.1}) {
    const simulated_row& best = best_value(rows, margin);
    const std::string what =
        margin == 0 ? "most right" : fmt::format("cheapest within {:.0f} points", 100 * margin);
    made += fmt::format("{}: {}, {:.1f} % right in {} for {:.0f}\n", what, best.name,
                        100 * best.accuracy, detail::time_text(best.cost.seconds), best.cost.money);
  }
  return made;
}

/// How many times longer the load takes without each of the scheduler's choices.
[[nodiscard]] inline std::string choices_text(const simulation& of, const simulated_load& load) {
  using kind = simulated_strategy::kind;
  const simulated_strategy vote{kind::vote, load.samples},
      beam{kind::beam, std::clamp(load.samples / 10, 4, 40)}, early{kind::early, load.samples};
  const auto seconds_of = [&](const simulation& on, const simulated_strategy& how, bool in_turns) {
    return simulate(on, load, how, 1, in_turns).seconds;
  };
  const double vote_seconds = seconds_of(of, vote, false),
               beam_seconds = seconds_of(of, beam, false);
  std::string made = fmt::format("{:>16}{:>26}  time without the choice over time with it\n",
                                 vote.names()[0], beam.names()[0]);
  for (const simulated_choice& one : simulated_choices(of)) {
    made += fmt::format("{:>14.2f} x{:>24.2f} x  {}\n",
                        seconds_of(one.without, vote, one.in_turns) / vote_seconds,
                        seconds_of(one.without, beam, one.in_turns) / beam_seconds, one.name);
  }
  made += fmt::format("{:>14.2f} x{:>26}  all {} samples, however clear the vote\n",
                      vote_seconds / seconds_of(of, early, false), "", load.samples);
  return made;
}

/// What is simulated, in a few lines.
[[nodiscard]] inline std::string simulation_text(const simulation& of, const simulated_load& load) {
  const auto& h = of.habits;
  return fmt::format(
      "{:.0f} problems, at most {} samples each, on {} machines in batches of {}, and {} for the "
      "verifier\nmodel: {:.1f} billion parameters, {:.1f} % right (correlation {:.2f}, agreement "
      "{:.2f}), {} steps, {:.0f} tokens; verifier: AUC {:.3f}\n",
      load.problems, load.samples, of.cluster.replicas, of.cluster.max_batch, of.verifier_replicas,
      of.cluster.cost.shape.parameters / 1e9, 100 * h.accuracy, h.correlation, h.agreement, h.steps,
      h.tokens, h.auc);
}

}  // namespace bench
