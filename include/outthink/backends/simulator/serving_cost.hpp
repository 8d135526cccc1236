// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/transformer_shape.hpp>

namespace outthink::backends {

/// What a machine does in a second, and what it holds. The default is an H100.
struct serving_machine {
  double flops_per_second = 400e12;  ///< that are reached, not those on the data sheet
  double bytes_per_second = 2.5e12;  ///< read from its memory
  double kv_bytes = 40e9;            ///< memory for keys and values, beside the weights
  double step_overhead = 0;          ///< seconds that every step takes whatever its batch
};

/// @brief How long a machine takes to serve a transformer: the Kinetics cost in seconds.
///
/// How it works: a step writes a token for each sequence of the batch. It reads the weights once
/// and all keys and values, 4 · kv_heads · head_size · layers bytes a token of context, and
/// computes 2 · parameters FLOPs for each sequence and 4 · query_heads · head_size · layers for
/// each token of context. Reading and computing add up; a machine that overlaps them perfectly
/// takes the larger of both, half as long at best.
/// Shapes and units: tokens in, seconds out; 16-bit weights, keys and values.
/// Requires: positive rates. Cost: O(1). Errors: none.
/// Reference: R. Sadhukhan et al. 2025, arXiv:2506.05333, with the weights that they leave out.
struct serving_cost {
  transformer_shape shape{};
  serving_machine machine{};

  /// Memory of the keys and values of a token.
  [[nodiscard]] constexpr double kv_bytes_per_token() const noexcept {
    return 4 * shape.kv_heads * shape.head_size * shape.layers;
  }

  /// A step of `batch` sequences that have `context` tokens together.
  [[nodiscard]] constexpr double step_seconds(double batch, double context) const noexcept {
    return pass_seconds() + 2 * shape.parameters * batch / machine.flops_per_second +
           per_context() * context;
  }

  /// `steps` steps, the context longer by one token a sequence after each.
  [[nodiscard]] constexpr double steps_seconds(double batch, double context,
                                               double steps) const noexcept {
    return steps * step_seconds(batch, context) + per_context() * batch * steps * (steps - 1) / 2;
  }

  /// What every pass over the weights takes, whatever it computes.
  [[nodiscard]] constexpr double pass_seconds() const noexcept {
    return machine.step_overhead + 2 * shape.parameters / machine.bytes_per_second;
  }

  /// Reading `tokens` at once after `context` earlier ones, which attention sees too.
  [[nodiscard]] constexpr double prefill_seconds(double tokens, double context) const noexcept {
    if (tokens <= 0) return 0;
    const double seen = tokens * (context + tokens / 2);
    return pass_seconds() + kv_bytes_per_token() * context / machine.bytes_per_second +
           (2 * shape.parameters * tokens + attention_flops() * seen) / machine.flops_per_second;
  }

 private:
  [[nodiscard]] constexpr double attention_flops() const noexcept {
    return 4 * shape.query_heads * shape.head_size * shape.layers;
  }
  /// Seconds that a token of context adds to a step.
  [[nodiscard]] constexpr double per_context() const noexcept {
    return kv_bytes_per_token() / machine.bytes_per_second +
           attention_flops() / machine.flops_per_second;
  }
};

}  // namespace outthink::backends
