// SPDX-License-Identifier: MIT
#pragma once

#include "report_calibration.hpp"
#include "report_choice.hpp"
#include "report_curves.hpp"
#include "report_fronts.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// What a report says beside its numbers.
struct report_head {
  std::string title = "outthink benchmark";
  std::string command;
  std::string machine;
};

namespace detail {

inline nlohmann::json task_as_json(const stored_task& of, const std::vector<binning>& cuts) {
  nlohmann::json made{{"name", of.name},   {"title", of.title}, {"problems", of.problems()},
                      {"split", of.split}, {"model", of.model}, {"verifier", of.verifier},
                      {"notes", ""}};
  for (const binning& cut : cuts)
    made[cut.name == "given" ? "bins" : cut.name + "_bins"] = cut.bins;
  return made;
}

/// The trees of finished searches, none larger than a reader can unfold.
inline void add_trees(nlohmann::json& trees, const result_set& results, const stored_task& task) {
  constexpr std::size_t kMostTrees = 50, kMostNodes = 500;
  for (const stored_strategy* how : results.strategies_of(task)) {
    for (const std::string& key : how->cells) {
      const nlohmann::json* line = results.find(key);
      if (line == nullptr || !line->contains("trees")) continue;
      for (nlohmann::json tree : line->at("trees")) {
        if (trees.size() >= kMostTrees || tree.at("nodes").size() > kMostNodes) continue;
        tree["task"] = task.name;
        tree["strategy"] = how->line.at("title");
        tree["n"] = how->line.at("n");
        tree["seed"] = nlohmann::json::parse(key).at("seed");
        trees.push_back(std::move(tree));
      }
    }
  }
}

inline void append(nlohmann::json& to, nlohmann::json more) {
  for (nlohmann::json& one : more) to.push_back(std::move(one));
}

}  // namespace detail

/// @brief Everything that the report's page shows, computed from the finished passes.
///
/// Determinism: a function of the results; the intervals' resamples are seeded.
[[nodiscard]] inline nlohmann::json make_report(const result_set& results,
                                                const report_head& head) {
  using nlohmann::json;
  json rows = json::array(), tasks = json::array(), crossings = json::array(),
       calibration = json::array(), optimisation = json::array(), trees = json::array(),
       choice = json::array();
  json pareto = json::object(), best = json::object();
  for (const stored_task& task : results.tasks()) {
    measuring from(results, task);
    const std::vector<measurement> measured = from.all();
    const std::vector<binning> cuts = binnings_of(task, measured, from);
    tasks.push_back(detail::task_as_json(task, cuts));
    for (const measurement& one : measured) rows.push_back(row_as_json(one, cuts));
    detail::append(calibration, calibration_of(task, measured, from));
    detail::append(optimisation, optimisation_of(task, measured, from));
    detail::add_trees(trees, results, task);
    for (const binning& cut : cuts) {
      if (json table = choice_table(task, measured, cut); !table.is_null())
        choice.push_back(std::move(table));
    }
  }
  for (const stored_task& task : results.tasks()) {
    pareto[task.name] = fronts_of(rows, task.name);
    best[task.name] = best_of(rows, pareto[task.name]);
    detail::append(crossings, crossings_of(rows, task.name));
  }
  json made{{"format", 1},
            {"title", head.title},
            {"command", head.command},
            {"seconds", results.seconds()},
            {"tasks", std::move(tasks)},
            {"rows", std::move(rows)},
            {"pareto", std::move(pareto)},
            {"best", std::move(best)},
            {"crossings", std::move(crossings)},
            {"calibration", std::move(calibration)},
            {"optimisation", std::move(optimisation)},
            {"published", json::array()},
            {"choice", std::move(choice)},
            {"speed", json::array()},
            {"trees", std::move(trees)}};
  if (!head.machine.empty()) made["machine"] = head.machine;
  return made;
}

/// Adds the tables of another file: its members `published`, `speed` and `trees`.
inline void add_tables(nlohmann::json& report, const nlohmann::json& more,
                       const std::string& name) {
  for (const auto& [key, value] : more.items()) {
    const std::vector<std::string> known{"published", "speed", "trees"};
    if (std::find(known.begin(), known.end(), key) == known.end())
      throw unknown_name(name, "table", key, known);
    if (!value.is_array())
      throw outthink::error(outthink::errc::malformed_file, name + ": " + key + " is no list");
    detail::append(report[key], value);
  }
}

}  // namespace bench
