// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/argmax.hpp>
#include <outthink/kernels/logit_row.hpp>
#include <outthink/kernels/simd/weights.hpp>

#include <cmath>
#include <cstddef>
#include <span>

#define OUTTHINK_KERNEL <outthink/kernels/simd/logsumexp.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief Computes ln Σ e^z, the normaliser of softmax.
///
/// How it works: one pass sums 2^((z - r) log₂ e) by blocks of 1,024 tokens, r being the largest of
/// the first 256 logits; if the sum shows that r was far too small, a second pass takes the true
/// maximum.
/// Shapes and units: `logits` [vocabulary]; nats. Requires: nothing.
/// Cost: one read and one exponential a token; allocates nothing. Errors: none.
/// Determinism: a function of the logits and the target.
/// Numerics: single precision in a block, double beyond; |error| ≤ 3e-6 + 2⁻²² · (largest distance
/// of a logit that matters from r). -inf adds nothing; an empty row or one of -inf gives -inf; NaN
/// anywhere gives NaN, else +inf anywhere +inf.
template <logit_row Row>
[[nodiscard]] inline double logsumexp(const Row& logits) noexcept {
  const auto row = detail::span_of(logits);
  const auto sum =
      detail::dispatch([&](auto isa) { return logsumexp(isa, row.data(), row.size()); });
  return static_cast<double>(sum.reference) + std::log(sum.total);
}

}  // namespace outthink::kernels
