// SPDX-License-Identifier: MIT
#pragma once

#include "../../examples/support/task.hpp"
#include "read_dataset.hpp"
#include <outthink/answers/answer_key.hpp>
#include <outthink/answers/boxed_answer.hpp>
#include <outthink/core/candidate.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/core/sampling_options.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

/// What is asked, and what counts as right.
struct bench_task {
  std::string name;   ///< in plans and results
  std::string title;  ///< for readers
  std::string split;
  std::vector<outthink::labelled_problem> problems;
  std::vector<std::string> bins;    ///< of difficulty, the easiest first
  std::vector<std::size_t> bin_of;  ///< [problems]
  outthink::answer_extractor answer = &outthink::whole_solution;
  outthink::answer_normaliser key = nullptr;
  std::function<bool(const outthink::labelled_problem&, const outthink::candidate&)> is_right;
  /// How many of a solution's leading steps are right; empty: nobody can tell.
  std::function<std::size_t(std::string_view prompt, std::span<const std::string_view> steps)>
      right_steps;
  outthink::step_reduction reduction = outthink::step_reduction::last;
  outthink::step_value tree_value = outthink::step_value::score;
  outthink::sampling_options
      sampling{};  ///< what its strategies draw with unless they say otherwise
  outthink::step_rule steps{};
  std::string model, verifier;  ///< names of those that are used unless a plan says otherwise

  /// Tells this set of problems from any other.
  [[nodiscard]] std::uint64_t fingerprint() const {
    std::uint64_t all = 0;
    for (const auto& one : problems) {
      for (const std::string* text : {&one.id, &one.question.prompt, &one.answer})
        all = outthink::mix_bits(all, outthink::hash_text(*text));
    }
    return all;
  }
};

/// The tasks that the library ships models for.
[[nodiscard]] inline std::vector<std::string> embedded_tasks() {
  return {"game24", "arithmetic"};
}

namespace detail {

inline bench_task from_files(const task_files& files, std::string name, std::string split) {
  bench_task made;
  made.name = std::move(name);
  made.title = files.name;
  made.split = std::move(split);
  made.problems = outthink::load_problems(files.problems, made.split);
  made.answer = files.answer;
  made.reduction = files.reduction;
  made.tree_value = files.tree_value;
  made.sampling = files.sampling;
  made.is_right = [right = files.is_right](const outthink::labelled_problem& p,
                                           const outthink::candidate& c) {
    outthink::outcome alone;
    alone.answer = c.answer;
    alone.candidates = {c};
    alone.chosen = 0;
    return right(p, alone);
  };
  return made;
}

}  // namespace detail

/// A task of `embedded_tasks`.
[[nodiscard]] inline bench_task embedded_task(const std::string& name, const std::string& split) {
  const bool game = name == "game24";
  bench_task made =
      detail::from_files(game ? game_of_24_task() : chained_arithmetic_task(), name, split);
  made.model = game ? "game24-policy" : "arithmetic-policy";
  made.verifier = game ? "game24-value" : "arithmetic-value";
  // A legal step of the Game of 24 may still leave 24 out of reach: nobody labels those.
  if (!game) made.right_steps = &outthink::verifiers::chained_arithmetic::right_steps;
  if (made.problems.empty())
    throw outthink::error(outthink::errc::invalid_argument,
                          "task " + name + " has no problems of the split '" + split +
                              "'; there are validation and test");
  return made;
}

/// How a dataset's answers are read, by name.
struct answer_reading {
  std::string name;
  outthink::answer_extractor answer;
  outthink::answer_normaliser key;
};

[[nodiscard]] inline std::string last_line(std::string_view solution) {
  while (!solution.empty() && (solution.back() == '\n' || solution.back() == ' '))
    solution.remove_suffix(1);
  const std::size_t end = solution.rfind('\n');
  return std::string(end == std::string_view::npos ? solution : solution.substr(end + 1));
}

[[nodiscard]] inline std::string normal_form(std::string_view answer) {
  return outthink::answer_key(answer);
}

/// `boxed`: the last \boxed{…}; `last_line`: the last line of the solution; both are compared by
/// their normal form. `exact`: the whole solution, byte by byte.
[[nodiscard]] inline std::vector<answer_reading> answer_readings() {
  return {{"boxed", &outthink::boxed_answer, &normal_form},
          {"last_line", &last_line, &normal_form},
          {"exact", &outthink::whole_solution, nullptr}};
}

/// A task of a dataset's problems: right is what has the key of the right answer.
[[nodiscard]] inline bench_task dataset_task(std::string name,
                                             std::vector<outthink::labelled_problem> problems,
                                             const answer_reading& reading) {
  bench_task made;
  made.title = name;
  made.name = std::move(name);
  made.problems = std::move(problems);
  made.answer = reading.answer;
  made.key = reading.key;
  made.is_right = [key = reading.key](const outthink::labelled_problem& p,
                                      const outthink::candidate& c) {
    return !c.answer.empty() && (key ? key(c.answer) == key(p.answer) : c.answer == p.answer);
  };
  return made;
}

/// Cuts the problems into bins: one for each level if there are at most eight, else thirds in the
/// order of the file, which for the Game of 24 is that of difficulty.
inline void bin_problems(bench_task& task) {
  std::vector<int> levels;
  for (const auto& one : task.problems) levels.push_back(one.level);
  std::sort(levels.begin(), levels.end());
  levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
  task.bins.clear();
  task.bin_of.clear();
  if (levels.size() > 1 && levels.size() <= 8) {
    for (const int level : levels) task.bins.push_back("level " + std::to_string(level));
    for (const auto& one : task.problems) {
      const auto at = std::lower_bound(levels.begin(), levels.end(), one.level);
      task.bin_of.push_back(static_cast<std::size_t>(at - levels.begin()));
    }
    return;
  }
  const std::size_t count = task.problems.size();
  const std::size_t bins = task.name == "game24" && count >= 3 ? 3 : 1;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const std::size_t first = bin * count / bins, last = (bin + 1) * count / bins - 1;
    task.bins.push_back(bins == 1 ? "all"
                                  : task.problems[first].id + " to " + task.problems[last].id);
    for (std::size_t i = first; i <= last; ++i) task.bin_of.push_back(bin);
  }
}

/// Keeps at most `most` problems, spread evenly, of levels from `least_level` on.
inline void select_problems(bench_task& task, std::size_t most, int least_level) {
  std::erase_if(task.problems, [&](const auto& one) { return one.level < least_level; });
  if (most > 0) task.problems = spread(task.problems, most);
  if (task.problems.empty())
    throw outthink::error(outthink::errc::invalid_argument,
                          "task " + task.name + " has no problem of level " +
                              std::to_string(least_level) + " or more");
  bin_problems(task);
}

}  // namespace bench
