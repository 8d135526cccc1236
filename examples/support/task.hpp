// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/transformer.hpp>
#include <outthink/interop/json.hpp>
#include <outthink/outthink.hpp>
#include <outthink/verifiers/chained_arithmetic.hpp>
#include <outthink/verifiers/game_of_24.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

/// What the examples need to know of a task that the library ships models for.
struct task_files {
  std::string name, problems, policy, value;
  outthink::answer_extractor answer;
  bool (*is_right)(const outthink::labelled_problem&, const outthink::outcome&);
  outthink::step_reduction reduction;   ///< what the task's value model was trained for
  bool score_end;                       ///< whether it was trained at the end of solutions, too
  int steps;                            ///< typical number of steps of a solution
  outthink::step_value tree_value;      ///< what a tree search goes by
  outthink::sampling_options sampling;  ///< what did best on the validation problems
  int min_level = 0;                    ///< easier problems are left out
};

inline std::string in_examples(const std::string& path) {
  return std::string(OUTTHINK_EXAMPLES_DIR) + "/" + path;
}

inline task_files game_of_24_task() {
  const auto solved = [](const outthink::labelled_problem& p, const outthink::outcome& o) {
    return o.has_answer() &&
           outthink::verifiers::game_of_24::solves(p.question.prompt, o.best().solution);
  };
  return {"Game of 24",
          in_examples("problems/game24.json"),
          in_examples("models/game24-policy.gguf"),
          in_examples("models/game24-value.gguf"),
          &outthink::whole_solution,
          solved,
          outthink::step_reduction::product,
          false,
          3,
          outthink::step_value::score,
          {.temperature = 0.5F}};
}

inline task_files chained_arithmetic_task() {
  const auto right = [](const outthink::labelled_problem& p, const outthink::outcome& o) {
    return o.answer == p.answer;
  };
  return {"chained arithmetic",
          in_examples("problems/chained_arithmetic.json"),
          in_examples("models/arithmetic-policy.gguf"),
          in_examples("models/arithmetic-value.gguf"),
          &outthink::verifiers::chained_arithmetic::answer_of,
          right,
          outthink::step_reduction::min,
          true,
          8,
          outthink::step_value::rollout,
          {.temperature = 1}};
}

/// At most `count` of the problems, spread evenly over them.
inline std::vector<outthink::labelled_problem> spread(
    const std::vector<outthink::labelled_problem>& all, std::size_t count) {
  std::vector<outthink::labelled_problem> some;
  const std::size_t kept = std::min(count, all.size());
  for (std::size_t i = 0; i < kept; ++i) some.push_back(all[i * all.size() / kept]);
  return some;
}
