// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>
#include <outthink/kernels/sliding_mean.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace outthink {

/// What of a trace's token confidences tells how sure the model was.
enum class confidence_measure {
  mean,           ///< of all tokens
  tail,           ///< the mean of the last window
  lowest_group,   ///< the smallest mean of a window
  bottom_groups,  ///< the mean of the tenth of windows with the smallest means, at least one
};

namespace detail {

/// The smallest of at least one value; NaN if one is NaN.
inline float lowest(std::span<const float> values) noexcept {
  // Several minima side by side: one alone would wait for itself at every value.
  constexpr std::size_t kLanes = 8;
  std::array<float, kLanes> least, unknown{};  // the last NaN of a lane, or 0
  least.fill(std::numeric_limits<float>::infinity());
  const auto take = [&](std::size_t lane, float value) {
    least[lane] = value < least[lane] ? value : least[lane];
    unknown[lane] = value == value ? unknown[lane] : value;
  };
  std::size_t i = 0;
  for (; i + kLanes <= values.size(); i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) take(lane, values[i + lane]);
  for (; i < values.size(); ++i) take(0, values[i]);
  for (std::size_t lane = 1; lane < kLanes; ++lane)
    take(0, unknown[lane] == unknown[lane] ? least[lane] : unknown[lane]);
  return unknown[0] == unknown[0] ? least[0] : unknown[0];
}

}  // namespace detail

/// @brief DeepConf's score of a whole trace, for votes and filters.
///
/// How it works: the confidence of a token is minus the mean logprob of its likeliest tokens
/// (`kernels::statistics`, 20 of them); a group is `window` tokens in a row, and there is one for
/// every token from the window-th on. A trace shorter than a window is one group.
/// Shapes and units: `tokens` [tokens], nats, higher is surer.
/// Requires: window ≥ 1. No token gives minus infinity, below every other.
/// Cost: O(tokens), whatever the window; memory for the groups' means. Errors: `std::bad_alloc`.
/// Numerics: sums in double; NaN in a group that counts gives NaN, or drops the group from the
/// bottom tenth. The published offline code rounds token confidences to 3 decimals first; here
/// nothing is rounded.
/// Reference: Y. Fu et al. 2025, arXiv:2508.15260; windows of 2048 tokens.
[[nodiscard]] inline float trace_confidence(std::span<const float> tokens,
                                            confidence_measure measure, std::size_t window = 2048) {
  const auto mean_of = [](std::span<const float> values) {
    double sum = 0;
    for (const float value : values) sum += static_cast<double>(value);
    return static_cast<float>(sum / static_cast<double>(values.size()));
  };
  if (tokens.empty()) return -std::numeric_limits<float>::infinity();
  window = std::min(window, tokens.size());
  if (measure == confidence_measure::mean) return mean_of(tokens);
  if (measure == confidence_measure::tail) return mean_of(tokens.last(window));
  std::vector<float> groups(tokens.size() - window + 1);
  std::vector<double> scratch(window);
  kernels::sliding_mean(tokens, window, groups, scratch);
  if (measure == confidence_measure::lowest_group) return detail::lowest(groups);
  const std::size_t bottom = std::max<std::size_t>(1, groups.size() / 10);
  const auto smaller = [](float a, float b) { return a < b || (a == a && b != b); };
  std::nth_element(groups.begin(), groups.begin() + static_cast<std::ptrdiff_t>(bottom - 1),
                   groups.end(), smaller);
  std::sort(groups.begin(), groups.begin() + static_cast<std::ptrdiff_t>(bottom), smaller);
  return mean_of(std::span(groups).first(bottom));
}

/// `trace_confidence` with its options set: how `verifiers::confidence` makes one score of tokens.
struct token_reduction {
  confidence_measure measure = confidence_measure::mean;
  std::size_t window = 2048;  ///< tokens of a group; at least 1

  [[nodiscard]] float operator()(std::span<const float> tokens) const {
    require(window > 0, "token_reduction.window must be positive");
    return trace_confidence(tokens, measure, window);
  }
};

}  // namespace outthink
