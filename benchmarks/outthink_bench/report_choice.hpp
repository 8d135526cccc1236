// SPDX-License-Identifier: MIT
#pragma once

#include "report_rows.hpp"
#include <outthink/analysis/compute_optimal_table.hpp>
#include <outthink/analysis/paired_bootstrap.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace bench {

namespace detail {

/// What each strategy gains at token budgets that double: [strategies][budgets][problems].
struct gains_by_budget {
  std::vector<double> budgets;
  std::size_t strategies = 0;
  std::vector<double> gains;

  [[nodiscard]] outthink::strategy_gains view() const {
    return {strategies, budgets.size(), gains};
  }
};

inline double tokens_each(const measurement& of) {
  return static_cast<double>(of.spent.tokens) / of.trials();
}

/// A strategy at a budget is the most expensive of its rows that keeps within it; from the least
/// budget at which one does on, so that every budget has a strategy.
inline gains_by_budget gains_of(const stored_task& task, const std::vector<measurement>& measured) {
  std::map<std::string, std::vector<const measurement*>> strategies;
  double least = std::numeric_limits<double>::infinity(), most = 0;
  for (const measurement& one : measured) {
    if (tokens_each(one) <= 0) continue;
    strategies[strategy_name(one) + ", " + one.aggregator.title].push_back(&one);
    least = std::min(least, tokens_each(one));
    most = std::max(most, tokens_each(one));
  }
  gains_by_budget made;
  made.strategies = strategies.size();
  for (double budget = std::exp2(std::ceil(std::log2(least))); budget < 2 * most; budget *= 2)
    made.budgets.push_back(budget);
  for (const auto& [name, rows] : strategies) {
    for (const double budget : made.budgets) {
      const measurement* taken = nullptr;
      for (const measurement* row : rows) {
        if (tokens_each(*row) <= budget &&
            (taken == nullptr || tokens_each(*row) > tokens_each(*taken)))
          taken = row;
      }
      for (std::size_t i = 0; i < task.problems(); ++i) {
        double sum = taken == nullptr ? std::numeric_limits<double>::quiet_NaN() : 0;
        for (std::size_t seed = 0; taken != nullptr && seed < taken->seeds; ++seed)
          sum += taken->accuracy[i * taken->seeds + seed] / static_cast<double>(taken->seeds);
        made.gains.push_back(sum);
      }
    }
  }
  return made;
}

inline bool known(const std::vector<double>& values) {
  return std::none_of(values.begin(), values.end(), [](double one) { return std::isnan(one); });
}

inline std::string difference_text(const std::vector<double>& first,
                                   const std::vector<double>& second) {
  const auto made = outthink::paired_bootstrap(first, second, 1, {.resamples = 2000});
  return fmt::format("{:+.1f} [{:+.1f}, {:+.1f}]", 100 * made.difference, 100 * made.range.low,
                     100 * made.range.high);
}

}  // namespace detail

/// @brief The best strategy for each bin of difficulty against the best one for all, at equal
/// tokens and with a quarter of them: whether a compute-optimal choice pays.
///
/// How it works: both are chosen on one half of the problems and judged on the other.
/// Errors: none; a task without bins of difficulty, or with one strategy, has no table.
/// Reference: C. Snell et al. 2024, arXiv:2408.03314, claim that the choice needs four times fewer
/// tokens.
[[nodiscard]] inline nlohmann::json choice_table(const stored_task& task,
                                                 const std::vector<measurement>& measured) {
  const detail::gains_by_budget gains = detail::gains_of(task, measured);
  if (task.bins.size() < 2 || gains.strategies < 2 || gains.budgets.empty()) return nullptr;
  const std::vector<std::size_t> one_bin(task.problems(), 0);
  const auto fixed = outthink::held_out_choice(gains.view(), one_bin, 1);
  const auto chosen = outthink::held_out_choice(gains.view(), task.bin_of, task.bins.size());
  nlohmann::json rows = nlohmann::json::array();
  for (std::size_t b = 0; b < gains.budgets.size(); ++b) {
    const auto of_fixed = outthink::chosen_gains(gains.view(), fixed, b);
    const auto of_chosen = outthink::chosen_gains(gains.view(), chosen, b);
    if (!detail::known(of_fixed) || !detail::known(of_chosen)) continue;
    nlohmann::json quarter;
    if (b >= 2) {
      const auto cheaper = outthink::chosen_gains(gains.view(), chosen, b - 2);
      if (detail::known(cheaper)) quarter = detail::difference_text(of_fixed, cheaper);
    }
    rows.push_back({gains.budgets[b], fmt::format("{:.1f}", 100 * mean_of(of_fixed)),
                    fmt::format("{:.1f}", 100 * mean_of(of_chosen)),
                    detail::difference_text(of_fixed, of_chosen), std::move(quarter)});
  }
  return {{"table", task.title + ": a strategy for each bin of difficulty against one for all"},
          {"columns",
           {"tokens", "one for all, %", "one a bin, %", "difference, points",
            "with a quarter of the tokens, points"}},
          {"rows", std::move(rows)}};
}

}  // namespace bench
