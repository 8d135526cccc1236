// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/sampling_options.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace outthink {

/// @brief Keeps the smallest set of most likely tokens whose probabilities sum to at least top_p.
///
/// Shapes and units: `logits` [vocabulary]; tokens outside the set become minus infinity.
/// Requires: no NaN. Cost: O(n log n); nothing for top_p = 1. Errors: `std::bad_alloc`.
/// Numerics: sums in double; equal logits rank by lower id; at least one token stays.
/// Reference: A. Holtzman et al. 2019, arXiv:1904.09751 (nucleus sampling).
struct top_p {
  void operator()(std::span<float> logits, const sampling_options& options) const {
    if (options.top_p >= 1.0F || logits.empty()) return;
    std::vector<std::size_t> order(logits.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [logits](std::size_t a, std::size_t b) {
      return logits[a] > logits[b] || (logits[a] == logits[b] && a < b);
    });
    const float largest = logits[order.front()];
    const auto weight = [&](std::size_t i) {
      return std::exp(static_cast<double>(logits[i]) - static_cast<double>(largest));
    };
    double total = 0;
    for (const std::size_t i : order) total += weight(i);
    double mass = 0;
    std::size_t kept = 0;
    while (kept < order.size() &&
           (kept == 0 || mass < static_cast<double>(options.top_p) * total)) {
      mass += weight(order[kept++]);
    }
    for (; kept < order.size(); ++kept) {
      logits[order[kept]] = -std::numeric_limits<float>::infinity();
    }
  }
};

}  // namespace outthink
