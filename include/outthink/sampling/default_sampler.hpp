// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/token_model.hpp>
#include <outthink/core/sampling_options.hpp>
#include <outthink/kernels/sample.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace outthink {

/// @brief Draws what `sampling_options` describe: top-k, temperature, top-p, in this order.
///
/// How it works: `kernels::sample`, which leaves the logits as they are.
/// Shapes and units: `logits` [vocabulary], `uniform` in [0, 1).
/// Cost: one read of the row, with exponentials unless top-k is from 1 to 512; allocates nothing.
/// Errors: none. Determinism: the token is a function of logits, options and `uniform`; from one
/// instruction set to another it may differ where `uniform`, or top_p, is within rounding of a step
/// of the distribution.
/// Numerics: equal logits rank by lower token; at least one token is kept. Token 0 for logits that
/// are all -inf or NaN.
struct default_sampler {
  token_id operator()(std::span<const float> logits, const sampling_options& options,
                      double uniform) const noexcept {
    const kernels::sample_options chain{.top_k = static_cast<std::uint32_t>(options.top_k),
                                        .top_p = static_cast<double>(options.top_p),
                                        .temperature = options.temperature,
                                        .temperature_first = true};
    const std::size_t token = kernels::sample(logits, chain, uniform).token;
    return token == kernels::no_token ? 0 : static_cast<token_id>(token);
  }
};

}  // namespace outthink
