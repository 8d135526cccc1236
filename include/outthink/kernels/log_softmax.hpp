// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/logit_row.hpp>
#include <outthink/kernels/logsumexp.hpp>

#include <cmath>
#include <cstddef>
#include <span>

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
template <logit_row Row>
inline void log_softmax(const Row& logits, std::span<float> logprobs) noexcept {
  double normaliser = logsumexp(logits);
  if (normaliser == -HUGE_VAL) normaliser = 0;
  const auto row = detail::span_of(logits);
  detail::dispatch(
      [&](auto isa) { log_softmax(isa, row.data(), logprobs.data(), row.size(), normaliser); });
}

}  // namespace outthink::kernels
