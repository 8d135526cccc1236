// SPDX-License-Identifier: MIT
#pragma once

#include "recorded_lines.hpp"
#include <outthink/kernels/agreement_groups.hpp>
#include <outthink/kernels/codet_scores.hpp>
#include <outthink/kernels/pass_at_k.hpp>
#include <outthink/kernels/pass_matrix.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace bench::recorded {

/// A HumanEval task's solutions and tests, each as often as it was written, or once.
struct codet_task {
  std::vector<std::uint64_t> words;
  std::size_t tests = 0;
  std::vector<double> right, copies;  ///< of each solution

  codet_task(const nlohmann::json& task, bool with_copies) {
    namespace kernels = outthink::kernels;
    const auto test_copies = task["tests"].get<std::vector<std::size_t>>();
    const auto solution_copies = task["solutions"].get<std::vector<std::size_t>>();
    for (const std::size_t copies_of_one : test_copies) tests += with_copies ? copies_of_one : 1;
    for (std::size_t i = 0; i < solution_copies.size(); ++i) {
      const auto passes = task["passes"][i].get<std::string>();
      std::vector<std::uint64_t> row(kernels::words_for_tests(tests));
      std::size_t at = 0;
      for (std::size_t t = 0; t < test_copies.size(); ++t) {
        const std::string digit(1, passes[t / 4]);
        const bool passed = (std::stoi(digit, nullptr, 16) >> (3 - t % 4) & 1) != 0;
        for (std::size_t c = 0; c < (with_copies ? test_copies[t] : 1); ++c, ++at)
          if (passed) kernels::set_pass(row, at);
      }
      for (std::size_t c = 0; c < (with_copies ? solution_copies[i] : 1); ++c) {
        words.insert(words.end(), row.begin(), row.end());
        right.push_back(task["correct"][i].get<double>());
        copies.push_back(with_copies ? 1 : static_cast<double>(solution_copies[i]));
      }
    }
  }
  [[nodiscard]] outthink::kernels::pass_matrix view() const { return {words, right.size(), tests}; }
};

/// A score for each solution.
using codet_rule = std::function<std::vector<double>(const outthink::kernels::pass_matrix&)>;

/// The rule that scores by the solutions that pass the same tests, and by the number of these.
[[nodiscard]] inline codet_rule by_counts(double (*score)(double solutions, double tests)) {
  return [score](const outthink::kernels::pass_matrix& matrix) {
    namespace kernels = outthink::kernels;
    const std::size_t n = matrix.solutions;
    std::vector<std::uint32_t> passed(n), groups(n), sizes(n),
        scratch(kernels::agreement_scratch(n));
    kernels::pass_counts(matrix, passed);
    kernels::agreement_groups(matrix, groups, sizes, scratch);
    std::vector<double> scores(n);
    for (std::size_t i = 0; i < n; ++i) scores[i] = score(sizes[i], passed[i]);
    return scores;
  };
}

/// The library's CodeT.
[[nodiscard]] inline std::vector<double> dual_agreement(
    const outthink::kernels::pass_matrix& matrix) {
  std::vector<double> scores(matrix.solutions);
  std::vector<std::uint32_t> scratch(outthink::kernels::codet_scratch(matrix.solutions));
  outthink::kernels::codet_scores(matrix, scores, scratch);
  return scores;
}

/// @brief pass@k of one task by a rule.
///
/// The protocol is that of B. Chen et al. 2022 (arXiv:2207.10397): a rule scores groups of
/// solutions that pass the same tests; pass@k takes one solution at random from each of the k best
/// groups, groups with equal scores being one; where there are fewer groups they are taken in
/// turns, and where no solution passes a test it is that of random choice.
[[nodiscard]] inline double pass_at_k_by(const codet_task& task, const codet_rule& score,
                                         std::uint64_t k) {
  const auto scores = score(task.view());
  std::vector<std::uint32_t> passed(scores.size());
  outthink::kernels::pass_counts(task.view(), passed);
  struct tally {
    double right = 0, all = 0;
  };
  std::map<double, tally, std::greater<>> tied;
  tally everything;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    everything.right += task.right[i] * task.copies[i];
    everything.all += task.copies[i];
    if (passed[i] == 0) continue;
    tied[scores[i]].right += task.right[i] * task.copies[i];
    tied[scores[i]].all += task.copies[i];
  }
  if (tied.empty()) {
    return outthink::kernels::pass_at_k(static_cast<std::uint64_t>(everything.all),
                                        static_cast<std::uint64_t>(everything.right), k);
  }
  double none_right = 1;
  auto best = tied.begin();
  for (std::uint64_t i = 0; i < k; ++i) {
    none_right *= 1 - best->second.right / best->second.all;
    if (++best == tied.end()) best = tied.begin();
  }
  return 1 - none_right;
}

/// 100 solutions of CodeGen-16B for each of the 82 HumanEval tasks with an even number, run against
/// the tests that the model wrote for them.
struct codet_tasks {
  std::vector<codet_task> with_copies, without;

  codet_tasks() {
    for (const auto& task : recorded_lines("codet.jsonl")) {
      with_copies.emplace_back(task, true);
      without.emplace_back(task, false);
    }
  }

  /// The mean of pass@k over tasks, in percent, for a random choice.
  [[nodiscard]] double unguided(std::uint64_t k) const {
    std::vector<sample_count> counts;
    for (const codet_task& task : with_copies) {
      const auto right = std::count(task.right.begin(), task.right.end(), 1.0);
      counts.push_back({task.right.size(), static_cast<std::uint64_t>(right)});
    }
    return mean_pass_at_k(counts, k);
  }
};

/// The mean of pass@k over tasks, in percent, by a rule.
[[nodiscard]] inline double mean_pass_at_k_by(const std::vector<codet_task>& tasks,
                                              const codet_rule& score, std::uint64_t k) {
  double sum = 0;
  for (const codet_task& task : tasks) sum += pass_at_k_by(task, score, k);
  return 100 * sum / static_cast<double>(tasks.size());
}

}  // namespace bench::recorded
