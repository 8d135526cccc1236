// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/transformer_shape.hpp>

#include <algorithm>

namespace outthink {

/// What is asked of it: some trials of one prompt, together.
struct trial_load {
  double prompt = 0;     ///< tokens, read once for all trials
  double generated = 0;  ///< tokens a trial
  double trials = 1;
};

/// The two parts of a cost, in FLOPs.
struct effective_cost {
  double compute = 0;  ///< arithmetic
  double memory = 0;   ///< what could be computed while the keys and values are read

  [[nodiscard]] constexpr double total() const noexcept { return compute + memory; }
};

/// @brief What trials of one prompt cost, with the time to read keys and values as FLOPs: eFLOPs.
///
/// How it works: N (2 P G + 2 (2 L + G) G h d) FLOPs for N trials of G tokens after a prompt of L,
/// with P parameters and h · d query numbers over all layers; and I · 2 (2 L + N G) G h_kv d for
/// the keys and values, of which the prompt's are read once for all trials.
/// Shapes and units: tokens and counts in, FLOPs out. `intensity` is the FLOPs that the machine
/// does while it reads a byte. Requires: numbers that are not negative; 16-bit keys and values.
/// Weights are not counted, as batches share them. Cost: O(1). Errors: none. Reference: R.
/// Sadhukhan et al. 2025, arXiv:2506.05333 (Kinetics); 562.5 is that of a B200.
[[nodiscard]] constexpr effective_cost effective_flops(const transformer_shape& shape,
                                                       const trial_load& load,
                                                       double intensity = 562.5) noexcept {
  const double generated = load.generated, numbers = shape.head_size * shape.layers;
  const double attention = 2 * (2 * load.prompt + generated) * generated * shape.query_heads;
  const double cache = 2 * (2 * load.prompt + load.trials * generated) * generated;
  return {load.trials * (2 * shape.parameters * generated + attention * numbers),
          intensity * cache * shape.kv_heads * numbers};
}

/// @brief Keys read by one trial of sparse attention that sees at most `budget` of them at a time.
///
/// How it works: B G - (B - L)² / 2 where the budget B exceeds the prompt L, for early tokens see
/// fewer; a budget of at least L + G reads L G + G² / 2, all of them.
/// Shapes and units: tokens. Requires: numbers that are not negative. Cost: O(1). Errors: none.
/// Reference: as above, where one of two functions of the code adds the second term; it must be
/// subtracted.
[[nodiscard]] constexpr double sparse_reads(const trial_load& load, double budget) noexcept {
  const double most = std::min(budget, load.prompt + load.generated);
  const double missing = std::max(0.0, most - load.prompt);
  return most * load.generated - missing * missing / 2;
}

}  // namespace outthink
