// SPDX-License-Identifier: MIT
#pragma once

#include "nearest_name.hpp"
#include "plan_of_flags.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace bench {

namespace detail {

/// The first flag that was given and says what a plan's file says; empty: none was.
inline std::string flag_of_the_file(const run_flags& given) {
  const std::vector<std::pair<const char*, bool>> all = {
      {"--dataset", !given.dataset.empty()},
      {"--prompt", !given.prompt.empty()},
      {"--answer", !given.answer.empty()},
      {"--model", !given.model.empty()},
      {"--value", !given.value.empty()},
      {"--url", !given.url.empty()},
      {"--server-model", !given.server_model.empty()},
      {"--key-variable", !given.key_variable.empty()},
      {"--chat", given.chat},
      {"--price", !given.price.empty()},
      {"--policy", !given.policies.empty()},
      {"--set", !given.set.empty()},
      {"--n", !given.n.empty()},
      {"--temperature", !given.temperature.empty()},
      {"--aggregator", !given.aggregators.empty()},
      {"--verifier", !given.verifiers.empty()}};
  const auto found = std::find_if(all.begin(), all.end(), [](const auto& f) { return f.second; });
  return found == all.end() ? "" : found->first;
}

}  // namespace detail

/// @brief A plan's file with what flags say of how much of it is run: tasks, split, problems,
/// level, seeds and threads.
///
/// Errors: `errc::invalid_argument` for any other flag, and for a task that the plan lacks.
[[nodiscard]] inline nlohmann::json narrow_plan(nlohmann::json read, const run_flags& given) {
  using outthink::errc;
  using outthink::error;
  if (const std::string flag = detail::flag_of_the_file(given); !flag.empty())
    throw error(errc::invalid_argument, flag + " and a plan cannot both be given: write it there");
  if (given.seeds > 0) read["seeds"] = given.seeds;
  if (given.threads > 0) read["threads"] = given.threads;
  if (!read.is_object() || !read.contains("tasks") || !read["tasks"].is_array()) return read;
  auto& tasks = read["tasks"];
  const auto name_of = [](const nlohmann::json& task) {
    return task.is_object() ? task.value("task", std::string()) : std::string();
  };
  if (!given.tasks.empty()) {
    std::vector<std::string> names;
    for (const nlohmann::json& task : tasks) names.push_back(name_of(task));
    for (const std::string& wanted : given.tasks) {
      if (std::find(names.begin(), names.end(), wanted) == names.end())
        throw unknown_name("--task", "task of this plan", wanted, names);
    }
    nlohmann::json kept = nlohmann::json::array();
    for (const nlohmann::json& task : tasks) {
      if (std::find(given.tasks.begin(), given.tasks.end(), name_of(task)) != given.tasks.end())
        kept.push_back(task);
    }
    tasks = std::move(kept);
  }
  for (nlohmann::json& task : tasks) {
    if (!task.is_object()) continue;
    if (!given.split.empty()) task["split"] = given.split;
    if (given.problems > 0) task["problems"] = given.problems;
    if (given.level > 0) task["level"] = given.level;
  }
  return read;
}

}  // namespace bench
