// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/aggregator.hpp>
#include <outthink/core/candidate.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink {

/// @brief Chooses the function whose outputs most others agree with, input by input: FunCoder's
/// functional consensus.
///
/// How it works: for every input a function has a point for each other one that puts out the same.
/// A crash has none and costs `crash`; failing a test that was given costs `failure`. Unlike a vote
/// over whole behaviours, a function can win without being like any other on all inputs.
/// Requires: `candidate::key` holds a function's outputs with line ends between, an empty one being
/// a crash (see `solve_options::key`); a last score below 1/2 says that a given test failed.
/// Candidates with an empty answer take no part; inputs that one has not are as if it had crashed.
/// Cost: O(n · inputs log n). Errors: none.
/// Confidence: the winner's points, as a share of those it could have; 1 for a lone function
/// without a crash or a failure.
/// Numerics: exact while costs are whole numbers; of equal points the earlier function.
/// Reference: J. Chen et al. 2024, arXiv:2405.20092 (11 functions for each; the costs are the
/// code's).
/// Example: examples/choose_program.cpp.
struct functional_consensus {
  double crash = 100;      ///< taken off for an input at which a function crashes
  double failure = 10000;  ///< taken off for failing a test that was given

  [[nodiscard]] decision operator()(std::span<const candidate> candidates) const {
    const std::vector<double> points = scores(candidates);
    decision best;
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (candidates[i].answer.empty()) continue;
      if (best.chosen == outcome::none || points[i] > points[best.chosen]) best.chosen = i;
    }
    if (best.chosen == outcome::none) return best;
    const auto functions = static_cast<double>(
        std::count_if(candidates.begin(), candidates.end(),
                      [](const candidate& one) { return !one.answer.empty(); }));
    const double most = (functions - 1) * static_cast<double>(inputs_of(candidates));
    const double points_won = points[best.chosen];
    best.confidence = most > 0 ? std::clamp(points_won / most, 0.0, 1.0) : points_won < 0 ? 0 : 1;
    return best;
  }

  /// The points of each candidate; 0 for those that take no part.
  [[nodiscard]] std::vector<double> scores(std::span<const candidate> candidates) const {
    std::vector<double> points(candidates.size());
    std::vector<std::string_view> rest(candidates.size());
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (candidates[i].answer.empty()) continue;
      rest[i] = candidates[i].key;
      const auto& given = candidates[i].step_scores;
      if (!given.empty() && given.back() < 0.5F) points[i] -= failure;
    }
    std::vector<std::pair<std::string_view, std::size_t>> outputs;
    for (std::size_t input = inputs_of(candidates); input > 0; --input) {
      outputs.clear();
      for (std::size_t i = 0; i < candidates.size(); ++i) {
        if (candidates[i].answer.empty()) continue;
        const std::string_view output = take_line(rest[i]);
        if (output.empty()) points[i] -= crash;
        if (!output.empty()) outputs.emplace_back(output, i);
      }
      add_agreements(outputs, points);
    }
    return points;
  }

 private:
  static void add_agreements(std::vector<std::pair<std::string_view, std::size_t>>& outputs,
                             std::vector<double>& points) {
    std::sort(outputs.begin(), outputs.end());
    for (auto first = outputs.begin(); first != outputs.end();) {
      const auto last = std::find_if(
          first, outputs.end(), [&](const auto& other) { return other.first != first->first; });
      const auto others = static_cast<double>(last - first - 1);
      for (; first != last; ++first) points[first->second] += others;
    }
  }

  static std::string_view take_line(std::string_view& text) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    return line;
  }

  static std::size_t inputs_of(std::span<const candidate> candidates) {
    std::size_t most = 0;
    for (const candidate& one : candidates) {
      if (one.answer.empty()) continue;
      const auto ends = std::count(one.key.begin(), one.key.end(), '\n');
      most = std::max(most, static_cast<std::size_t>(ends) + 1);
    }
    return most;
  }
};

}  // namespace outthink
