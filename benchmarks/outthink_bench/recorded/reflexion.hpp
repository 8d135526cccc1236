// SPDX-License-Identifier: MIT
#pragma once

#include "recorded_lines.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace bench::recorded {

/// The tasks of ALFWorld that a run solved after each trial: `reflexion_run_logs` with verbal
/// feedback between trials, `base_run_logs` without. A task counts as solved from its first success
/// on.
[[nodiscard]] inline std::vector<int> solved_by_trial(const std::string& run) {
  std::vector<int> solved;
  for (const auto& task : recorded_lines("reflexion.jsonl")) {
    if (task["run"] != run) continue;
    const auto success = task["success"].get<std::string>();
    solved.resize(success.size());
    for (std::size_t i = 0; i < success.size(); ++i)
      solved[i] += success.substr(0, i + 1).find('1') != std::string::npos;
  }
  return solved;
}

}  // namespace bench::recorded
