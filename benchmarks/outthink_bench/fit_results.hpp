// SPDX-License-Identifier: MIT
#pragma once

#include "result_set.hpp"
#include "simulation.hpp"
#include <outthink/backends/simulator/fit_answer_statistics.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bench {

namespace detail {

using graded_problems = std::vector<std::vector<outthink::backends::graded_answer>>;

/// The scores of a generation pass, by any verifier.
inline std::optional<score_pass> find_scores(const stored_results& stored, const std::string& key) {
  for (const nlohmann::json& line : stored.lines) {
    if (line.at("kind") != "scores") continue;
    if (nlohmann::json::parse(line.at("key").get<std::string>()).at("samples") == key)
      return result_lines::read_scores(line);
  }
  return std::nullopt;
}

inline void add_graded(graded_problems& to, const sample_pass& drawn,
                       const std::optional<score_pass>& scored,
                       outthink::step_reduction reduction) {
  for (std::size_t i = 0; i < drawn.samples.size(); ++i) {
    to.emplace_back();
    for (std::size_t j = 0; j < drawn.samples[i].size(); ++j) {
      const sample& one = drawn.samples[i][j];
      std::vector<float> scores;
      if (scored && j < scored->scores[i].size()) scores = scored->scores[i][j].steps;
      const outthink::candidate as = as_candidate(one, scores);
      outthink::backends::graded_answer graded{one.vote, one.right};
      graded.tokens = static_cast<double>(one.spent.tokens_written);
      graded.steps = static_cast<int>(as.step_ends.size());
      if (!as.step_scores.empty()) graded.score = outthink::reduce_steps(as.step_scores, reduction);
      to.back().push_back(std::move(graded));
    }
  }
}

}  // namespace detail

/// @brief The habits of the model and the verifier whose samples and scores a results file holds.
///
/// Requires: samples of the task of that name, or of any if it is empty; then the file's first task
/// with samples counts.
/// Errors: those of the file; `errc::invalid_argument` if there are no samples.
[[nodiscard]] inline outthink::backends::answer_statistics fit_results(
    const std::string& path, const std::string& task_name) {
  const stored_results stored = read_results(path);
  const result_set results(stored.lines);
  for (const stored_task& task : results.tasks()) {
    if (!task_name.empty() && task.name != task_name) continue;
    detail::graded_problems graded;
    for (const nlohmann::json& line : stored.lines) {
      if (line.at("kind") != "samples") continue;
      const auto key = line.at("key").get<std::string>();
      if (nlohmann::json::parse(key).at("task") != task.key) continue;
      detail::add_graded(graded, result_lines::read_samples(line), detail::find_scores(stored, key),
                         task.reduction);
    }
    if (!graded.empty()) return outthink::backends::fit_answer_statistics(graded);
  }
  throw outthink::error(outthink::errc::invalid_argument,
                        path + " holds no samples" +
                            (task_name.empty() ? "" : " of the task " + task_name) +
                            "; run repeated_sampling first");
}

/// The object `simulator` with the habits of a results file in place of its members `results` and
/// `results_task`; habits that it has itself stay. The path counts from `folder`.
[[nodiscard]] inline nlohmann::json with_fitted_habits(nlohmann::json from,
                                                       const std::string& folder) {
  if (!from.is_object() || !from.contains("results")) return from;
  const auto file = from.at("results").get<std::string>();
  const std::string task = from.value("results_task", "");
  from.erase("results"), from.erase("results_task");
  simulation fitted;
  fitted.habits = fit_results(folder.empty() ? file : folder + "/" + file, task);
  const nlohmann::json all = as_json(fitted);
  for (const char* name :
       {"accuracy", "correlation", "agreement", "steps", "tokens", "spread", "auc"})
    if (!from.contains(name)) from[name] = all.at(name);
  return from;
}

}  // namespace bench
