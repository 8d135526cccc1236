// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/logit_row.hpp>
#include <outthink/kernels/simd/row.hpp>

#include <cstddef>
#include <span>

#define OUTTHINK_KERNEL <outthink/kernels/simd/widen.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief Writes a row of any type as floats: for the kernels that take floats alone.
///
/// How it works: one conversion a logit, a shift for bfloat16.
/// Shapes and units: `logits` and `floats` [vocabulary]. Requires: equal sizes; the two do not
/// overlap.
/// Cost: one read, one write; allocates nothing. Errors: none.
/// Determinism: a function of the logits, the same on every target.
/// Numerics: exact, infinities and denormals included; NaN stays NaN.
template <logit_row Row>
inline void widen(const Row& logits, std::span<float> floats) noexcept {
  const auto row = detail::span_of(logits);
  detail::dispatch([&](auto isa) { widen(isa, row.data(), floats.data(), row.size()); });
}

}  // namespace outthink::kernels
