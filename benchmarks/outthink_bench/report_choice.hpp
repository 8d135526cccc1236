// SPDX-License-Identifier: MIT
#pragma once

#include "report_rows.hpp"
#include <outthink/analysis/compute_optimal_table.hpp>
#include <outthink/analysis/paired_bootstrap.hpp>

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

/// What each strategy gains at token budgets that double.
struct gains_by_budget {
  std::vector<std::string> names;
  std::vector<double> budgets;
  std::vector<double> gains;  ///< [names][budgets][problems]

  [[nodiscard]] outthink::strategy_gains view() const {
    return {names.size(), budgets.size(), gains};
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
  for (double budget = std::exp2(std::ceil(std::log2(least))); budget < 2 * most; budget *= 2)
    made.budgets.push_back(budget);
  for (const auto& [name, rows] : strategies) {
    made.names.push_back(name);
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

inline nlohmann::json difference_as_json(const std::vector<double>& first,
                                         const std::vector<double>& second) {
  const auto made = outthink::paired_bootstrap(first, second, 1, {.resamples = 2000});
  return {{"difference", made.difference}, {"low", made.range.low}, {"high", made.range.high}};
}

}  // namespace detail

/// @brief The best strategy for each bin of difficulty against the best one for all, at equal
/// tokens and with a quarter of them: whether a compute-optimal choice pays.
///
/// How it works: accuracies and differences are those of strategies chosen on one half of the
/// problems and judged on the other; the strategies that are named are the best on all problems.
/// What it costs to predict a difficulty is not counted.
/// Errors: none; a task without bins of difficulty, or with one strategy, has no table.
/// Reference: C. Snell et al. 2024, arXiv:2408.03314, claim that the choice needs four times fewer
/// tokens.
[[nodiscard]] inline nlohmann::json choice_table(const stored_task& task,
                                                 const std::vector<measurement>& measured,
                                                 const binning& cut) {
  const detail::gains_by_budget gains = detail::gains_of(task, measured);
  if (cut.bins.size() < 2 || gains.names.size() < 2 || gains.budgets.empty()) return nullptr;
  const std::vector<std::size_t> one_bin(task.problems(), 0);
  const auto fixed = outthink::held_out_choice(gains.view(), one_bin, 1);
  const auto chosen = outthink::held_out_choice(gains.view(), cut.bin_of, cut.bins.size());
  const auto best = outthink::compute_optimal_table(gains.view(), one_bin, 1);
  const auto best_of_bin =
      outthink::compute_optimal_table(gains.view(), cut.bin_of, cut.bins.size());
  nlohmann::json points = nlohmann::json::array();
  for (std::size_t b = 0; b < gains.budgets.size(); ++b) {
    const auto of_fixed = outthink::chosen_gains(gains.view(), fixed, b);
    const auto of_chosen = outthink::chosen_gains(gains.view(), chosen, b);
    if (!detail::known(of_fixed) || !detail::known(of_chosen)) continue;
    nlohmann::json quarter;
    if (b >= 2) {
      const auto cheaper = outthink::chosen_gains(gains.view(), chosen, b - 2);
      if (detail::known(cheaper)) quarter = detail::difference_as_json(of_fixed, cheaper);
    }
    nlohmann::json names = nlohmann::json::array();
    for (std::size_t bin = 0; bin < cut.bins.size(); ++bin)
      names.push_back(gains.names[best_of_bin.at(bin, b)]);
    points.push_back({{"tokens", gains.budgets[b]},
                      {"fixed", mean_of(of_fixed)},
                      {"chosen", mean_of(of_chosen)},
                      {"gain", detail::difference_as_json(of_fixed, of_chosen)},
                      {"quarter", std::move(quarter)},
                      {"strategy", gains.names[best.at(0, b)]},
                      {"strategies", std::move(names)}});
  }
  return {{"task", task.name}, {"by", cut.name}, {"bins", cut.bins}, {"points", std::move(points)}};
}

}  // namespace bench
