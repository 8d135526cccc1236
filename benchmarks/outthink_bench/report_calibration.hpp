// SPDX-License-Identifier: MIT
#pragma once

#include "report_rows.hpp"
#include <outthink/analysis/brier_score.hpp>
#include <outthink/analysis/reliability_bins.hpp>
#include <outthink/analysis/roc_auc.hpp>
#include <outthink/core/step_reduction.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace bench {

namespace detail {

/// Scores that are probabilities, and what came true.
struct judged_scores {
  std::vector<float> scores;
  std::vector<std::uint8_t> right;

  void add(float score, bool came_true) {
    if (!(score >= 0 && score <= 1)) return;  // NaN, or no probability
    scores.push_back(score);
    right.push_back(came_true ? 1 : 0);
  }
};

inline void add_solutions(judged_scores& to, const read_pass& of, std::size_t problem,
                          outthink::step_reduction reduction) {
  for (std::size_t k = 0; k < of.candidates[problem].size(); ++k)
    to.add(reduce_steps(of.candidates[problem][k].step_scores, reduction), of.right[problem][k]);
}

/// The scores up to each step, reduced as the task reduces them, against whether all up to there is
/// right. What a solution ends with is right if the solution is.
inline void add_steps(judged_scores& to, const read_pass& of, std::size_t problem,
                      outthink::step_reduction reduction) {
  const auto& drawn = of.drawn.samples[problem];
  const auto& scored = of.scored->scores[problem];
  for (std::size_t k = 0; k < std::min(drawn.size(), scored.size()); ++k) {
    if (!drawn[k].right_steps) continue;
    const std::span<const float> steps = scored[k].steps;
    for (std::size_t i = 1; i <= steps.size(); ++i) {
      const bool last = i == steps.size() && drawn[k].finished;
      to.add(reduce_steps(steps.first(i), reduction),
             i <= *drawn[k].right_steps && (!last || drawn[k].right));
    }
  }
}

inline nlohmann::json finite_or_null(double value) {
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json();
}

inline nlohmann::json reliability_of(const judged_scores& judged) {
  constexpr std::size_t kBins = 10;
  const auto bins = outthink::reliability_bins(judged.scores, judged.right, kBins);
  nlohmann::json drawn = nlohmann::json::array();
  for (std::size_t b = 0; b < kBins; ++b) {
    const bool none = bins[b].predictions == 0;
    drawn.push_back({{"low", static_cast<double>(b) / kBins},
                     {"high", static_cast<double>(b + 1) / kBins},
                     {"mean", none ? nlohmann::json() : nlohmann::json(bins[b].confidence)},
                     {"right", none ? nlohmann::json() : nlohmann::json(bins[b].accuracy)},
                     {"count", bins[b].predictions}});
  }
  return {{"ece", finite_or_null(outthink::expected_calibration_error(bins))},
          {"auc", finite_or_null(outthink::roc_auc(judged.scores, judged.right))},
          {"brier", finite_or_null(outthink::brier_score(judged.scores, judged.right))},
          {"bins", std::move(drawn)}};
}

}  // namespace detail

/// How well a verifier's scores foretell whether solutions, and where the task can label them
/// steps, are right: for each verifier, over the samples of its largest pass.
[[nodiscard]] inline nlohmann::json calibration_of(const stored_task& task,
                                                   const std::vector<measurement>& measured,
                                                   measuring& from) {
  nlohmann::json made = nlohmann::json::array();
  std::set<std::string> known;
  for (const measurement& one : measured) {
    const auto verifier = one.how->line.at("verifier").get<std::string>();
    if (one.how->scores.empty() || !known.insert(verifier).second) continue;
    detail::judged_scores solutions, steps;
    for (std::size_t seed = 0; seed < one.seeds; ++seed) {
      const detail::read_pass* own = from.samples(*one.how, seed);
      if (own == nullptr) continue;
      for (std::size_t i = 0; i < task.problems(); ++i) {
        detail::add_solutions(solutions, *own, i, task.reduction);
        detail::add_steps(steps, *own, i, task.reduction);
      }
    }
    for (const auto& [what, judged] : {std::pair("solutions", &solutions), {"steps", &steps}}) {
      if (judged->scores.empty()) continue;
      nlohmann::json entry = detail::reliability_of(*judged);
      entry.update({{"task", task.name}, {"verifier", verifier}, {"what", what}});
      made.push_back(std::move(entry));
    }
  }
  return made;
}

}  // namespace bench
