// SPDX-License-Identifier: MIT
#pragma once

namespace outthink {

/// @brief How a language model turns its logits into a token.
///
/// The order is fixed: top-k on the logits, temperature, top-p on the result, draw.
struct sampling_options {
  float temperature = 1.0F;  ///< 0 takes the most likely token; else ≥ 1e-4
  int top_k = 0;             ///< keep the k most likely tokens; 0 keeps all
  float top_p = 1.0F;        ///< in (0, 1]; keep the smallest set of tokens with this probability

  friend bool operator==(const sampling_options&, const sampling_options&) = default;
};

/// The options that decode greedily.
inline constexpr sampling_options greedy{.temperature = 0.0F, .top_k = 0, .top_p = 1.0F};

}  // namespace outthink
