// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/sampling_options.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace outthink {

/// @brief Keeps the k largest logits; the others become minus infinity.
///
/// Shapes and units: `logits` [vocabulary]. Requires: no NaN.
/// Cost: O(n) expected; nothing for k = 0 or k ≥ n. Errors: `std::bad_alloc`.
/// Numerics: of equal logits at the boundary the tokens with the lower ids stay.
struct top_k {
  void operator()(std::span<float> logits, const sampling_options& options) const {
    const auto k = static_cast<std::size_t>(options.top_k);
    if (k == 0 || k >= logits.size()) return;
    std::vector<float> sorted(logits.begin(), logits.end());
    const auto kth = sorted.begin() + static_cast<std::ptrdiff_t>(k - 1);
    std::nth_element(sorted.begin(), kth, sorted.end(), [](float a, float b) { return a > b; });
    const float threshold = *kth;
    std::size_t ties = k;
    for (const float z : logits) ties -= z > threshold ? 1 : 0;
    for (float& z : logits) {
      const bool kept = z > threshold || (z == threshold && ties > 0 && ties-- > 0);
      if (!kept) z = -std::numeric_limits<float>::infinity();
    }
  }
};

}  // namespace outthink
