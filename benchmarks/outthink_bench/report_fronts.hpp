// SPDX-License-Identifier: MIT
#pragma once

#include "report_rows.hpp"
#include <outthink/analysis/crossing_points.hpp>
#include <outthink/analysis/pareto_front.hpp>

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

/// The costs by which strategies are compared.
[[nodiscard]] inline std::vector<std::string> cost_names() {
  return {"tokens", "flops", "eflops", "calls", "seconds", "money"};
}

namespace detail {

inline double number_of(const nlohmann::json& value) {
  return value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN();
}

/// The rows of a task, and their costs of one kind; NaN where it is not known.
struct task_rows {
  std::vector<std::size_t> rows;
  std::vector<outthink::cost_point> points;
};

inline task_rows points_of(const nlohmann::json& rows, const std::string& task,
                           const std::string& cost) {
  task_rows made;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].at("task") != task) continue;
    made.rows.push_back(i);
    made.points.push_back({number_of(rows[i].at(cost)), number_of(rows[i].at("accuracy"))});
  }
  return made;
}

}  // namespace detail

/// The rows that no other beats at the same cost or less, for each cost, the cheapest first.
[[nodiscard]] inline nlohmann::json fronts_of(const nlohmann::json& rows, const std::string& task) {
  nlohmann::json made = nlohmann::json::object();
  for (const std::string& cost : cost_names()) {
    const detail::task_rows own = detail::points_of(rows, task, cost);
    nlohmann::json front = nlohmann::json::array();
    for (const std::size_t i : outthink::pareto_front(own.points)) front.push_back(own.rows[i]);
    if (!front.empty()) made[cost] = std::move(front);
  }
  return made;
}

/// The best row for budgets that double, where it changes.
[[nodiscard]] inline nlohmann::json best_of(const nlohmann::json& rows,
                                            const nlohmann::json& fronts) {
  nlohmann::json made = nlohmann::json::array();
  for (const auto& [cost, front] : fronts.items()) {
    const double most = detail::number_of(rows[front.back().get<std::size_t>()].at(cost));
    const double least = detail::number_of(rows[front[0].get<std::size_t>()].at(cost));
    if (!(least > 0)) continue;
    nlohmann::json last;
    for (double limit = std::exp2(std::ceil(std::log2(least))); limit < 2 * most; limit *= 2) {
      nlohmann::json best;
      for (const nlohmann::json& row : front) {
        if (detail::number_of(rows[row.get<std::size_t>()].at(cost)) <= limit) best = row;
      }
      if (best.is_null() || best == last) continue;
      made.push_back({{"cost", cost}, {"limit", limit}, {"row", best}});
      last = best;
    }
  }
  return made;
}

/// From which n on one strategy leads another that led before: sampling against each search.
[[nodiscard]] inline nlohmann::json crossings_of(const nlohmann::json& rows,
                                                 const std::string& task) {
  std::map<std::string, std::map<double, double>> curves;  // the better of rows with one n
  std::map<std::string, std::string> families;
  for (const nlohmann::json& row : rows) {
    if (row.at("task") != task) continue;
    const auto name = row.at("strategy").get<std::string>();
    families[name] = row.at("family").get<std::string>();
    double& best = curves[name][row.at("n").get<double>()];
    best = std::max(best, row.at("accuracy").get<double>());
  }
  const auto points = [](const std::map<double, double>& curve) {
    std::vector<outthink::cost_point> made;
    for (const auto& [n, accuracy] : curve) made.push_back({n, accuracy});
    return made;
  };
  nlohmann::json made = nlohmann::json::array();
  for (const auto& [first, one] : curves) {
    if (families[first] != "voting" && families[first] != "best-of-n") continue;
    for (const auto& [second, other] : curves) {
      if (families[second] != "search" || one.size() < 2 || other.size() < 2) continue;
      const auto crossings = outthink::crossing_points(points(one), points(other));
      if (crossings.empty()) continue;
      const outthink::crossing_point& last = crossings.back();
      made.push_back({{"task", task},
                      {"better", last.second_leads ? second : first},
                      {"worse", last.second_leads ? first : second},
                      {"from_n", std::ceil(last.cost)}});
    }
  }
  return made;
}

}  // namespace bench
