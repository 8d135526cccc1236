// SPDX-License-Identifier: MIT
#pragma once

#include "report_rows.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace bench {

/// A strategy with all that tells it from the others of its task, in one line.
[[nodiscard]] inline std::string label_of(const measurement& of) {
  std::string label = fmt::format("{}, N = {}, {}", strategy_name(of), of.n(), of.aggregator.title);
  if (of.how->line.at("family") == "sampling") return label;
  for (const auto& [name, value] : of.how->line.at("parameters").items()) {
    const bool usual = name == "max_steps" || (name == "reduction" && value == "task");
    if (!usual)
      label +=
          fmt::format(", {} {}", name, value.is_string() ? value.get<std::string>() : value.dump());
  }
  return label;
}

/// The rows of a task for the terminal: right answers in percent with their 95 % interval, and
/// tokens, scorings and seconds of one problem.
[[nodiscard]] inline std::string table_of(const stored_task& task,
                                          const std::vector<measurement>& measured) {
  std::string made = fmt::format("\n{} ({}), {} problems, model {}\n{:>22}{:>10}{:>10}{:>10}  {}\n",
                                 task.title, task.split, task.problems(), task.model,
                                 "right [95 %]", "tokens", "scored", "seconds", "strategy");
  for (const measurement& one : measured) {
    const outthink::interval range = mean_interval(one.accuracy, one.seeds);
    const double trials = one.trials();
    made += fmt::format("{:>5.1f} % [{:>4.1f}, {:>5.1f}]{:>10.0f}{:>10.0f}{:>10.4f}  {}\n",
                        100 * mean_of(one.accuracy), 100 * range.low, 100 * range.high,
                        static_cast<double>(one.spent.tokens) / trials,
                        static_cast<double>(one.spent.verifier_calls) / trials,
                        one.seconds / trials, label_of(one));
    if (one.failed > 0) made += fmt::format("{:>54}  {} searches failed\n", "", one.failed);
  }
  return made;
}

}  // namespace bench
