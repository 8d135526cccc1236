// SPDX-License-Identifier: MIT
#pragma once

#include "result_lines.hpp"
#include "results_file.hpp"
#include <outthink/core/step_reduction.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// A task as the results tell it.
struct stored_task {
  std::string key, name, title, split, model, verifier;
  outthink::step_reduction reduction = outthink::step_reduction::last;
  double temperature = 1;  ///< that strategies are drawn at which do not name theirs
  std::vector<std::string> bins, ids;
  std::vector<std::size_t> bin_of;  ///< [problems]
  std::optional<outthink::transformer_shape> shape;
  std::optional<token_price> price;                    ///< of the model; none: as it reported
  std::map<std::string, token_price> verifier_prices;  ///< likewise

  [[nodiscard]] std::size_t problems() const noexcept { return ids.size(); }
};

/// A strategy as the results tell it, over all seeds that there are.
struct stored_strategy {
  nlohmann::json line;
  std::vector<std::string> cells;   ///< [seeds] keys of samples or searches
  std::vector<std::string> scores;  ///< [seeds] keys of scores, or empty
};

/// @brief The lines of a results file by what they are.
///
/// Of several lines with one key that of the most samples counts, of several tasks with one name
/// and model the latest: an older one belongs to other problems or another model file.
class result_set {
 public:
  explicit result_set(const std::vector<nlohmann::json>& lines) {
    for (const nlohmann::json& line : lines) {
      const auto kind = line.at("kind").get<std::string>();
      const auto key = line.at("key").get<std::string>();
      if (kind == "task") {
        add_task(line);
      } else if (kind == "strategy") {
        add_strategy(line);
      } else if (kind == "samples" || kind == "scores" || kind == "search") {
        const auto [at, is_new] = cells_.emplace(key, &line);
        if (!is_new && line.value("n", 0) >= at->second->value("n", 0)) at->second = &line;
      } else {
        throw outthink::error(outthink::errc::malformed_file, "unknown kind of line: " + kind);
      }
    }
    name_apart();
  }
  explicit result_set(std::vector<nlohmann::json>&&) = delete;  // lines are referred to

  [[nodiscard]] const std::vector<stored_task>& tasks() const noexcept { return tasks_; }

  /// The strategies of a task, in the order of the file.
  [[nodiscard]] std::vector<const stored_strategy*> strategies_of(const stored_task& task) const {
    std::vector<const stored_strategy*> all;
    for (const stored_strategy& one : strategies_)
      if (one.line.at("task") == task.key) all.push_back(&one);
    return all;
  }

  /// The line of that key; null if that pass was not finished.
  [[nodiscard]] const nlohmann::json* find(const std::string& key) const {
    const auto found = cells_.find(key);
    return found == cells_.end() ? nullptr : found->second;
  }

  /// All passes together.
  [[nodiscard]] double seconds() const {
    double sum = 0;
    for (const auto& [key, line] : cells_) sum += line->at("seconds").get<double>();
    return sum;
  }

 private:
  void add_task(const nlohmann::json& line) {
    stored_task made;
    made.key = line.at("key").get<std::string>();
    made.name = line.at("name").get<std::string>();
    made.title = line.at("title").get<std::string>();
    made.split = line.at("split").get<std::string>();
    made.model = line.at("model").get<std::string>();
    made.verifier = line.at("verifier").get<std::string>();
    made.reduction = reduction_named(line.at("reduction").get<std::string>(), made.reduction);
    made.temperature = line.value("temperature", 1.0);
    made.bins = line.at("bins").get<std::vector<std::string>>();
    for (const nlohmann::json& problem : line.at("problems")) {
      made.ids.push_back(problem.at(0).get<std::string>());
      made.bin_of.push_back(problem.at(2).get<std::size_t>());
    }
    if (const auto found = line.find("shape"); found != line.end()) {
      const auto sizes = found->get<std::vector<double>>();
      made.shape = {sizes.at(0), sizes.at(1), sizes.at(2), sizes.at(3), sizes.at(4)};
    }
    if (const auto found = line.find("price"); found != line.end())
      made.price = {found->at(0).get<double>(), found->at(1).get<double>()};
    if (const auto found = line.find("verifier_prices"); found != line.end()) {
      for (const auto& [name, price] : found->items())
        made.verifier_prices[name] = {price.get<double>(), price.get<double>()};
    }
    std::erase_if(tasks_, [&](const stored_task& other) {
      return other.name == made.name && other.model == made.model;
    });
    tasks_.push_back(std::move(made));
  }

  // Lines that differ in their seeds alone are one strategy.
  void add_strategy(nlohmann::json line) {
    const auto cells = line.at("cells").get<std::vector<std::string>>();
    const auto scores = line.at("scores").get<std::vector<std::string>>();
    for (const char* own : {"cells", "scores", "key"}) line.erase(own);
    auto same = std::find_if(strategies_.begin(), strategies_.end(),
                             [&](const stored_strategy& one) { return one.line == line; });
    if (same == strategies_.end()) {
      strategies_.push_back({std::move(line), {}, {}});
      same = strategies_.end() - 1;
    }
    const auto add = [](std::vector<std::string>& to, const std::vector<std::string>& more) {
      for (const std::string& one : more)
        if (std::find(to.begin(), to.end(), one) == to.end()) to.push_back(one);
    };
    add(same->cells, cells);
    add(same->scores, scores);
  }

  // Tasks of one name work with different models: the model tells them apart.
  void name_apart() {
    std::map<std::string, int> count;
    for (const stored_task& one : tasks_) ++count[one.name];
    for (stored_task& one : tasks_)
      if (count[one.name] > 1) one.name += " (" + one.model + ")";
  }

  std::vector<stored_task> tasks_;
  std::vector<stored_strategy> strategies_;
  std::map<std::string, const nlohmann::json*> cells_;
};

}  // namespace bench
