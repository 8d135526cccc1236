// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace outthink {

/// What each episode of a long output adds: `accuracies` [n] are those of answers forced after each
/// prefix, the result [n - 1] their differences.
[[nodiscard]] inline std::vector<double> episode_progress(std::span<const double> accuracies) {
  std::vector<double> progress;
  for (std::size_t j = 1; j < accuracies.size(); ++j)
    progress.push_back(accuracies[j] - accuracies[j - 1]);
  return progress;
}

/// @brief What an output loses against one that is as good as `best` from the start: how well it
/// spends its tokens whenever it is stopped.
///
/// How it works: Σ (best - accuracy) over episodes.
/// Shapes and units: `accuracies` [episodes], each the share of right answers when the output is
/// stopped there and the answer forced; average over problems first or last. The result in
/// episodes. Requires: nothing; no episode loses nothing. Cost: O(n). Errors: none.
/// Numerics: it depends on the words that force the answer, and on what is called an episode.
/// Reference: Y. Qu et al. 2025 (MRT), arXiv:2503.07572.
[[nodiscard]] constexpr double cumulative_regret(std::span<const double> accuracies,
                                                 double best = 1) noexcept {
  double regret = 0;
  for (const double accuracy : accuracies) regret += best - accuracy;
  return regret;
}

/// The mean regret of a token, with `tokens` [episodes] written in each episode: for outputs whose
/// episodes differ in length. NaN for no token; throws `errc::invalid_argument` for different
/// sizes.
[[nodiscard]] inline double mean_regret(std::span<const double> accuracies,
                                        std::span<const double> tokens, double best = 1) {
  require(accuracies.size() == tokens.size(), "mean_regret: give the tokens of each episode");
  double regret = 0, all = 0;
  for (std::size_t j = 0; j < tokens.size(); ++j) {
    regret += tokens[j] * (best - accuracies[j]);
    all += tokens[j];
  }
  return all > 0 ? regret / all : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace outthink
