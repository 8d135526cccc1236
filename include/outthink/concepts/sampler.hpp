// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/token_model.hpp>
#include <outthink/core/sampling_options.hpp>

#include <concepts>
#include <span>
#include <vector>

namespace outthink {

/// @brief Draws a token from logits.
///
/// Semantic requirements that the compiler cannot check:
/// 1. The token is a function of the logits, the options and `uniform` (in [0, 1)) alone.
/// 2. A token whose logit is minus infinity is never drawn while another is not.
///
/// Expressions:
/// * `s(logits, options, uniform)`: the token; `logits` [vocabulary] may be overwritten, and a copy
///   is passed unless `s` takes `std::span<const float>`.
///
/// Models in this library: `default_sampler`, `sampler_chain`. Smallest model:
/// `tests/archetypes/sampler.hpp`.
template <class S>
concept sampler = requires(S& s, std::span<float> logits, const sampling_options& options,
                           double uniform) {
  { s(logits, options, uniform) } -> std::convertible_to<token_id>;
};

namespace detail {

/// Says in a sentence what `sampler` asks of a type.
template <class S>
consteval bool diagnose_sampler() {
  static_assert(sampler<S>,
                "outthink: a sampler needs `token_id operator()(std::span<float> logits, const "
                "sampling_options&, double uniform)`");
  return sampler<S>;
}

}  // namespace detail

}  // namespace outthink
