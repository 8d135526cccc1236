// SPDX-License-Identifier: MIT
#pragma once

#include "policies.hpp"
#include "report_rows.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace bench {

/// A strategy with all that tells it from the others of its task, in one line: of its parameters
/// those that are not as usual, but the one that N tells.
[[nodiscard]] inline std::string label_of(const measurement& of) {
  std::string label = fmt::format("{}, N = {}, {}", strategy_name(of), of.n(), of.aggregator.title);
  const std::string policy = of.how->line.at("policy").get<std::string>();
  const auto entry = std::find_if(all_policies().begin(), all_policies().end(),
                                  [&](const policy_entry& one) { return one.name == policy; });
  for (const auto& item : of.how->line.at("parameters").items()) {
    const auto usual = [&](const parameter& p) {
      return p.name == item.key() && p.otherwise == item.value();
    };
    const bool told = entry != all_policies().end() &&
                      (item.key() == entry->drawn ||
                       std::any_of(entry->parameters.begin(), entry->parameters.end(), usual));
    if (told) continue;
    const auto& value = item.value();
    label += fmt::format(", {} {}", item.key(),
                         value.is_string() ? value.get<std::string>() : value.dump());
  }
  return label;
}

/// The rows of a task for the terminal: right answers in percent with their 95 % interval, and
/// tokens, scorings, floating-point operations and seconds of one problem.
[[nodiscard]] inline std::string table_of(const stored_task& task,
                                          const std::vector<measurement>& measured) {
  std::string made =
      fmt::format("\n{} ({}), {} problems, model {}\n{:>22}{:>10}{:>10}{:>10}{:>10}  {}\n",
                  task.title, task.split, task.problems(), task.model, "right [95 %]", "tokens",
                  "scored", "GFLOP", "seconds", "strategy");
  for (const measurement& one : measured) {
    const outthink::interval range = mean_interval(one.accuracy, one.seeds);
    const double trials = one.trials();
    made += fmt::format("{:>5.1f} % [{:>4.1f}, {:>5.1f}]{:>10.0f}{:>10.0f}{:>10.2f}{:>10.4f}  {}\n",
                        100 * mean_of(one.accuracy), 100 * range.low, 100 * range.high,
                        static_cast<double>(one.spent.tokens) / trials,
                        static_cast<double>(one.spent.verifier_calls) / trials,
                        one.spent.flops / 1e9 / trials, one.seconds / trials, label_of(one));
    if (one.failed > 0) made += fmt::format("{:>64}  {} searches failed\n", "", one.failed);
  }
  return made;
}

}  // namespace bench
