// SPDX-License-Identifier: MIT
#pragma once

#include "task.hpp"
#include <outthink/analysis/wilson_interval.hpp>

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <vector>

/// Counts what a strategy got right, and what that cost.
class tally {
 public:
  void add(const task_files& task, const std::vector<outthink::labelled_problem>& problems,
           const std::vector<outthink::outcome>& outcomes) {
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      right_ += task.is_right(problems[i], outcomes[i]) ? 1 : 0;
      spent_ += outcomes[i].spent;
    }
    trials_ += outcomes.size();
  }

  /// Percent right and its 95 % interval, as ` 43.3 % [27.4, 60.8]`.
  [[nodiscard]] std::string accuracy() const {
    const auto [low, high] = outthink::wilson_interval(right_, trials_);
    return fmt::format("{:>5.1f} % [{:>4.1f}, {:>4.1f}]", 100 * each(right_), 100 * low,
                       100 * high);
  }

  [[nodiscard]] double tokens_each() const { return each(spent_.tokens); }
  [[nodiscard]] double verifier_calls_each() const { return each(spent_.verifier_calls); }
  [[nodiscard]] double gflop_each() const { return 1e-9 * each(spent_.flops); }

 private:
  template <class Number>
  [[nodiscard]] double each(Number total) const {
    return static_cast<double>(total) / static_cast<double>(trials_);
  }

  std::size_t right_ = 0, trials_ = 0;
  outthink::usage spent_;
};
