// SPDX-License-Identifier: MIT
#pragma once

#include "bench_task.hpp"
#include "simulation.hpp"

#include <cstddef>
#include <string>

namespace bench {

/// A task that only a simulated model can solve: problems of nothing but a number.
[[nodiscard]] inline bench_task simulated_task() {
  constexpr std::size_t kProblems = 1000;
  bench_task made;
  made.name = "simulated";
  made.title = "simulated problems";
  for (std::size_t i = 0; i < kProblems; ++i) {
    made.problems.push_back(
        {std::to_string(i), outthink::problem(simulated_prompt(i)), "right", "", 0});
  }
  made.answer = &outthink::backends::synthetic_model::answer_of;
  made.is_right = [](const outthink::labelled_problem& p, const outthink::candidate& c) {
    return c.answer == p.answer;
  };
  made.steps.max_tokens = made.steps.max_total_tokens = 1'000'000'000;
  return made;
}

}  // namespace bench
