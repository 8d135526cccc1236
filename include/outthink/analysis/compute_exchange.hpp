// SPDX-License-Identifier: MIT
#pragma once

namespace outthink {

/// @brief By how much a model may multiply its inference compute until it has cost as much as a
/// model with `parameters` times its parameters.
///
/// How it works: training costs 6 · parameters · tokens FLOPs and inference 2 · parameters ·
/// tokens; equal totals give m + (3 / ratio) · (m - 1). Shapes and units: `parameters` is the
/// larger model's size over the smaller's, ≥ 1; `ratio` the tokens generated over the tokens
/// trained on, > 0. Requires: both models trained on as many tokens, and answers of one length; the
/// larger one answers once. Cost: O(1). Errors: none; a ratio of 0 gives infinity. Reference: C.
/// Snell et al. 2024, arXiv:2408.03314, section 7: worth it for easy problems or ratios far below
/// 1, not for hard ones or ratios far above.
[[nodiscard]] constexpr double compute_exchange(double parameters, double ratio) noexcept {
  return parameters + 3 / ratio * (parameters - 1);
}

}  // namespace outthink
