// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/sampling_options.hpp>

#include <span>

namespace outthink {

/// @brief Divides the logits by the temperature.
///
/// Shapes and units: `logits` [vocabulary]. Requires: a positive temperature (the sampler chain
/// treats 0, greedy decoding, before it gets here). Cost: O(n). Errors: none.
struct temperature {
  void operator()(std::span<float> logits, const sampling_options& options) const noexcept {
    if (options.temperature == 1.0F) return;
    const float scale = 1.0F / options.temperature;
    for (float& z : logits) z *= scale;
  }
};

}  // namespace outthink
