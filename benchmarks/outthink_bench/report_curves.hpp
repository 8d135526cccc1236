// SPDX-License-Identifier: MIT
#pragma once

#include "report_rows.hpp"
#include <outthink/analysis/expected_best_of_k.hpp>
#include <outthink/core/step_reduction.hpp>
#include <outthink/kernels/pass_at_k.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace bench {

namespace detail {

/// 1, 2, 4, … and n.
inline std::vector<std::size_t> doubling(std::size_t n) {
  std::vector<std::size_t> all;
  for (std::size_t k = 1; k < n; k *= 2) all.push_back(k);
  all.push_back(n);
  return all;
}

using curve = std::function<double(const read_pass&, std::size_t problem, std::size_t k)>;

/// A curve's points with their intervals over problems.
inline nlohmann::json points_of(const std::vector<const read_pass*>& passes, std::size_t problems,
                                const curve& value) {
  std::size_t n = std::numeric_limits<std::size_t>::max();
  for (const read_pass* one : passes) n = std::min(n, one->n);
  nlohmann::json points = nlohmann::json::array();
  for (const std::size_t k : doubling(n)) {
    std::vector<double> values;
    for (std::size_t i = 0; i < problems; ++i) {
      for (const read_pass* one : passes) values.push_back(value(*one, i, k));
    }
    const outthink::interval range = mean_interval(values, passes.size());
    points.push_back(
        {{"n", k}, {"accuracy", mean_of(values)}, {"low", range.low}, {"high", range.high}});
  }
  return points;
}

inline double pass_at(const read_pass& of, std::size_t problem, std::size_t k) {
  const auto& drawn = of.drawn.samples[problem];
  std::uint64_t right = 0;
  for (const sample& one : drawn) right += one.right ? 1 : 0;
  return drawn.size() < k ? 0 : outthink::kernels::pass_at_k(drawn.size(), right, k);
}

/// Best-of-k over all ways to draw k of the samples; cut ones rank last.
inline double best_at(const read_pass& of, std::size_t problem, std::size_t k,
                      outthink::step_reduction reduction) {
  const auto& drawn = of.drawn.samples[problem];
  if (drawn.size() < k || of.scored->scores[problem].size() < drawn.size()) return 0;
  std::vector<float> scores;
  std::vector<double> right;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    scores.push_back(drawn[i].finished
                         ? reduce_steps(of.scored->scores[problem][i].steps, reduction)
                         : std::numeric_limits<float>::quiet_NaN());
    right.push_back(drawn[i].right ? 1 : 0);
  }
  return outthink::expected_best_of_k(scores, right, k);
}

}  // namespace detail

/// The curves over n of a task's independent samples: pass@n, the vote, best-of-n by each verifier.
[[nodiscard]] inline nlohmann::json optimisation_of(const stored_task& task,
                                                    const std::vector<measurement>& measured,
                                                    measuring& from) {
  nlohmann::json made = nlohmann::json::array();
  std::set<std::string> made_already;
  // The measurement of the largest n of each selector and verifier.
  for (auto one = measured.rbegin(); one != measured.rend(); ++one) {
    const nlohmann::json& line = one->how->line;
    if (line.at("policy") != "repeated_sampling" || line.at("sampling").at(0) == 0) continue;
    std::vector<const detail::read_pass*> passes;
    for (std::size_t seed = 0; seed < one->seeds; ++seed) {
      if (const detail::read_pass* own = from.samples(*one->how, seed)) passes.push_back(own);
    }
    if (passes.empty()) continue;
    const auto verifier = line.at("verifier").get<std::string>();
    const bool best = one->aggregator.name == "best_score" && one->judged;
    const std::string drawn_at = temperature_mark(*one);
    const std::string by = one->judged ? " by " + verifier : "";
    const std::string selector =
        (best ? "best-of-N" + by + one->aggregator.title.substr(10)
         : one->aggregator.name == "majority_vote" ? "maj@N"
                                                   : one->aggregator.title + by) +
        drawn_at;
    const auto add = [&](const std::string& name, const detail::curve& value) {
      if (!made_already.insert(name).second) return;
      made.push_back({{"task", task.name},
                      {"selector", name},
                      {"points", detail::points_of(passes, task.problems(), value)}});
    };
    add("pass@N" + drawn_at, &detail::pass_at);
    if (best) {
      const auto reduction =
          reduction_named(one->aggregator.values.word("reduction"), task.reduction);
      add(selector, [reduction](const detail::read_pass& of, std::size_t i, std::size_t k) {
        return detail::best_at(of, i, k, reduction);
      });
    } else {
      const any_aggregator choose =
          entry_named(all_aggregators(), one->aggregator.name, "aggregator", "results")
              .make(one->aggregator.values, task.reduction);
      add(selector, [choose](const detail::read_pass& of, std::size_t i, std::size_t k) {
        return detail::share_right(of, i, k, choose);
      });
    }
  }
  return made;
}

}  // namespace bench
