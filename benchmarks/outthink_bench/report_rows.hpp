// SPDX-License-Identifier: MIT
#pragma once

#include "measurements.hpp"
#include "report_bins.hpp"
#include <outthink/analysis/bootstrap_interval.hpp>
#include <outthink/analysis/effective_flops.hpp>
#include <outthink/analysis/wilson_interval.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace bench {

/// @brief The 95 % interval of a mean over problems: by the bootstrap over problems, whose seeds
/// and groups of samples stay together.
///
/// Where all problems went alike the bootstrap sees no doubt: Wilson's interval over the problems
/// stands in.
/// Shapes and units: `values` [problems][seeds].
[[nodiscard]] inline outthink::interval mean_interval(const std::vector<double>& values,
                                                      std::size_t seeds) {
  if (values.empty()) return {};
  const auto alike = [&](double value) { return value == values.front(); };
  if (!std::all_of(values.begin(), values.end(), alike))
    return outthink::bootstrap_mean(values, seeds, {.resamples = 2000});
  const std::size_t problems = values.size() / seeds;
  return outthink::wilson_interval(
      static_cast<std::size_t>(std::lround(values.front() * static_cast<double>(problems))),
      problems);
}

[[nodiscard]] inline double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double one : values) sum += one;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

/// What tells a strategy drawn at another temperature than its task's from the others.
[[nodiscard]] inline std::string temperature_mark(const measurement& of) {
  const double temperature = of.how->line.at("sampling").at(0).get<double>();
  return temperature == of.task->temperature ? "" : fmt::format(", T = {:g}", temperature);
}

/// What a strategy is called, whatever its n: the name of its curve.
[[nodiscard]] inline std::string strategy_name(const measurement& of) {
  const nlohmann::json& line = of.how->line;
  std::string name = line.at("title").get<std::string>();
  if (line.at("policy") == "repeated_sampling") {
    const std::string& vote = of.aggregator.name;
    name = vote == "majority_vote"   ? "self-consistency"
           : vote == "best_score"    ? "best-of-N"
           : vote == "weighted_vote" ? "weighted best-of-N"
                                     : of.aggregator.title;
    if (line.at("sampling").at(0) == 0) return "greedy";
    if (of.n() == 1 && vote == "majority_vote") name = "one sample";
  }
  return name + temperature_mark(of);
}

[[nodiscard]] inline std::string strategy_family(const measurement& of) {
  const auto family = of.how->line.at("family").get<std::string>();
  if (family != "sampling") return family;
  const bool alone = of.n() == 1 && of.aggregator.name == "majority_vote";
  if (alone || of.how->line.at("sampling").at(0) == 0) return "sampling";
  return of.aggregator.name == "best_score" || of.aggregator.name == "soft_best_of_n" ? "best-of-n"
                                                                                      : "voting";
}

/// FLOPs with the time that keys and values take to be read as FLOPs, of one problem.
[[nodiscard]] inline nlohmann::json effective_flops_each(const measurement& of) {
  if (!of.task->shape) return nullptr;
  const double trials = of.trials(), n = of.n();
  const outthink::trial_load load{.prompt = static_cast<double>(of.spent.prompt_tokens) / trials,
                                  .generated = static_cast<double>(of.spent.tokens) / trials / n,
                                  .trials = n};
  return of.spent.flops / trials + outthink::effective_flops(*of.task->shape, load).memory;
}

/// A strategy on the problems of each bin.
[[nodiscard]] inline nlohmann::json bins_as_json(const measurement& of, const binning& cut) {
  nlohmann::json bins = nlohmann::json::array();
  for (std::size_t bin = 0; bin < cut.bins.size(); ++bin) {
    std::vector<double> values;
    for (std::size_t i = 0; i < of.task->problems(); ++i) {
      if (cut.bin_of[i] != bin) continue;
      for (std::size_t seed = 0; seed < of.seeds; ++seed)
        values.push_back(of.accuracy[i * of.seeds + seed]);
    }
    const outthink::interval range = mean_interval(values, of.seeds);
    bins.push_back(
        {{"accuracy", values.empty() ? nlohmann::json() : nlohmann::json(mean_of(values))},
         {"low", range.low},
         {"high", range.high},
         {"problems", values.size() / of.seeds}});
  }
  return bins;
}

/// The member of a row that holds what a strategy did by that binning.
[[nodiscard]] inline std::string member_of(const binning& cut) {
  return cut.name == "given" ? "by_bin" : "by_" + cut.name;
}

/// One row of the report.
[[nodiscard]] inline nlohmann::json row_as_json(const measurement& of,
                                                const std::vector<binning>& cuts) {
  const double trials = of.trials();
  const auto each = [trials](auto total) { return static_cast<double>(total) / trials; };
  const outthink::interval range = mean_interval(of.accuracy, of.seeds);
  const nlohmann::json& line = of.how->line;
  nlohmann::json made{
      {"task", of.task->name},
      {"strategy", strategy_name(of)},
      {"family", strategy_family(of)},
      {"parameters", line.at("parameters")},
      {"verifier", of.judged ? line.at("verifier") : nlohmann::json()},
      {"aggregator", of.aggregator.title},
      {"n", of.n()},
      {"seeds", of.seeds},
      {"accuracy", mean_of(of.accuracy)},
      {"low", range.low},
      {"high", range.high},
      {"tokens", each(of.spent.tokens)},
      {"prompt_tokens", each(of.spent.prompt_tokens)},
      {"calls", each(of.spent.model_calls)},
      {"verifier_calls", each(of.spent.verifier_calls)},
      {"flops", each(of.spent.flops)},
      {"eflops", effective_flops_each(of)},
      {"seconds", each(of.seconds)},
      {"money", of.spent.money > 0 ? nlohmann::json(each(of.spent.money)) : nlohmann::json()},
      {"budget_spent", of.budget_spent},
      {"failed", of.failed}};
  for (const binning& cut : cuts) made[member_of(cut)] = bins_as_json(of, cut);
  return made;
}

}  // namespace bench
