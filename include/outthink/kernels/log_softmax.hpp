// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/logsumexp.hpp>

#include <cmath>
#include <cstddef>
#include <span>

namespace outthink::kernels::detail {

struct log_softmax_args {
  const float* logits;
  float* logprobs;
  std::size_t size;
  double logsumexp;  ///< of the logits
};

}  // namespace outthink::kernels::detail

#define OUTTHINK_KERNEL <outthink/kernels/simd/log_softmax.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief Writes the log-probabilities z - ln Σ e^z.
///
/// How it works: `logsumexp`, then one subtraction a token.
/// Shapes and units: `logits` and `logprobs` [vocabulary]; nats. Requires: equal sizes; the two are
/// the same memory or do not overlap.
/// Cost: two reads, one write and one exponential a token; allocates nothing. Errors: none.
/// Determinism: a function of the logits and the target.
/// Numerics: the error of `logsumexp` plus one rounding of the result. -inf stays -inf, also in a
/// row that has nothing else; NaN anywhere gives NaN everywhere; +inf becomes NaN and makes every
/// finite logit -inf.
inline void log_softmax(std::span<const float> logits, std::span<float> logprobs) noexcept {
  double normaliser = logsumexp(logits);
  if (normaliser == -HUGE_VAL) normaliser = 0;
  const detail::log_softmax_args args{logits.data(), logprobs.data(), logits.size(), normaliser};
  detail::dispatch([&](auto isa) { log_softmax(isa, args); });
}

}  // namespace outthink::kernels
