// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/simulator/answer_statistics.hpp>
#include <outthink/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace outthink::backends {

/// A recorded sample of a model, graded.
struct graded_answer {
  std::string answer;  ///< what votes compare
  bool right = false;
  double tokens = 0;
  int steps = 1;
  float score = std::numeric_limits<float>::quiet_NaN();  ///< of a verifier; NaN: none
};

/// @brief Measures the habits of a model, and of a verifier, in recorded samples.
///
/// How it works: by shares of pairs, which need no correction for the number of samples. Two
/// samples of a problem are both right with probability m² + m(1 - m) · correlation, where m is the
/// mean accuracy; two wrong ones agree with probability `agreement`; a right and a wrong one are
/// ordered by their scores with probability `auc`, a tie counting half. Problems count alike for
/// the first, pairs for the others.
/// Shapes and units: `problems` [problems][samples]. Requires: two samples of some problem. What no
/// pair tells is that of `answer_statistics`: agreement without two wrong samples, auc without
/// scores. Cost: O(samples²) of each problem. Errors: `errc::invalid_argument` without two samples
/// of a problem. Numerics: values at the ends of their ranges, or beyond them by chance, are moved
/// inside.
[[nodiscard]] inline answer_statistics fit_answer_statistics(
    std::span<const std::vector<graded_answer>> problems) {
  double counted = 0, right_share = 0, both_right = 0;
  double wrong_pairs = 0, agreeing = 0, ordered_pairs = 0, ordered = 0;
  double samples = 0, tokens = 0, squares = 0, steps = 0;
  for (const std::vector<graded_answer>& of_problem : problems) {
    const auto n = static_cast<double>(of_problem.size());
    double right = 0;
    std::map<std::string, double> errors;
    for (const graded_answer& one : of_problem) {
      samples += 1, tokens += one.tokens, squares += one.tokens * one.tokens, steps += one.steps;
      one.right ? right += 1 : errors[one.answer] += 1;
      for (const graded_answer& other : of_problem) {
        const bool scored = one.score == one.score && other.score == other.score;
        if (!one.right || other.right || !scored) continue;
        ordered_pairs += 1;
        ordered += one.score > other.score ? 1 : one.score == other.score ? 0.5 : 0;
      }
    }
    wrong_pairs += (n - right) * (n - right - 1);
    for (const auto& [answer, count] : errors) agreeing += count * (count - 1);
    if (n < 2) continue;
    counted += 1;
    right_share += right / n;
    both_right += right * (right - 1) / (n * (n - 1));
  }
  require(counted > 0, "fit_answer_statistics: give at least two samples of a problem");
  constexpr double kInside = 1e-4;
  const auto inside = [&](double value) { return std::clamp(value, kInside, 1 - kInside); };
  answer_statistics made;
  made.accuracy = inside(right_share / counted);
  const double m = made.accuracy;
  made.correlation = std::clamp((both_right / counted - m * m) / (m * (1 - m)), 0.0, 1 - kInside);
  if (wrong_pairs > 0) made.agreement = inside(agreeing / wrong_pairs);
  if (ordered_pairs > 0) made.auc = std::clamp(ordered / ordered_pairs, 0.5, 1 - kInside);
  made.steps = std::max(1, static_cast<int>(std::lround(steps / samples)));
  made.tokens = std::max(1.0, tokens / samples);
  made.spread =
      std::sqrt(std::max(0.0, squares / samples - made.tokens * made.tokens)) / made.tokens;
  return made;
}

}  // namespace outthink::backends
