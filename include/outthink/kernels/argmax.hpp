// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/logit_row.hpp>
#include <outthink/kernels/simd/maxima.hpp>
#include <outthink/kernels/token_logit.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace outthink::kernels {

/// The largest logit of a row and where it is first.
struct largest_logit {
  std::size_t token;  ///< `no_token` if the row is empty or all NaN
  float logit;        ///< -inf then
};

}  // namespace outthink::kernels

#define OUTTHINK_KERNEL <outthink/kernels/simd/argmax.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief Finds the largest logit and the lowest token that has it.
///
/// How it works: one pass keeps lane-wise maxima of groups of 256 tokens; the group that has the
/// largest is read again.
/// Shapes and units: `logits` [vocabulary]. Requires: at most 2³² tokens.
/// Cost: one read of the row; allocates nothing, 64 KiB of stack at most. Errors: none.
/// Determinism: a function of the logits, the same on every target.
/// Numerics: exact. Of equal logits the lowest token; NaN is passed over. A row of -inf gives its
/// first token that is not NaN; an empty row, or one all NaN, gives `no_token`.
template <logit_row Row>
[[nodiscard]] inline largest_logit argmax(const Row& logits) noexcept {
  const auto row = detail::span_of(logits);
  return detail::dispatch([&](auto isa) { return argmax(isa, row.data(), row.size()); });
}

}  // namespace outthink::kernels
