// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/entropy.hpp>
#include <outthink/kernels/logit_row.hpp>
#include <outthink/kernels/simd/maxima.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#define OUTTHINK_KERNEL <outthink/kernels/simd/dynamic_temperature.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// The temperatures of a row without entropy and of one with as much as it can have.
struct temperature_range {
  float lowest = 0.5F;
  float highest = 1.5F;
  float exponent = 1;  ///< above 1 stays lower for longer
};

/// @brief Chooses a temperature by a row's entropy.
///
/// How it works: T = lowest + (highest - lowest) · (H / ln n)^exponent, with the entropy H of
/// softmax(logits) and n logits above -inf.
/// Shapes and units: `logits` [vocabulary]. Requires: a positive exponent.
/// Cost: as `entropy`, and a read of the row; allocates nothing. Errors: none.
/// Determinism: a function of the arguments and the target.
/// Numerics: H as `entropy`; H / ln n is taken as 1 if rounding makes it larger. A row with fewer
/// than two logits above -inf gives `lowest`; NaN or +inf anywhere gives NaN, which every draw
/// takes for a temperature that is not positive. Reference: kalomaze, "Dynamic temperature", 2023,
/// as in llama.cpp, which counts the tokens that earlier truncations have left: here those that are
/// not masked.
template <logit_row Row>
[[nodiscard]] inline float dynamic_temperature(const Row& logits,
                                               const temperature_range& range) noexcept {
  const auto row = detail::span_of(logits);
  const std::size_t count =
      detail::dispatch([&](auto isa) { return count_unmasked(isa, row.data(), row.size()); });
  const double h = entropy(logits).entropy;
  const double share = count > 1 ? h / std::log(static_cast<double>(count)) : 0 * h;
  return range.lowest + (range.highest - range.lowest) *
                            static_cast<float>(std::pow(std::clamp(share, 0.0, 1.0),
                                                        static_cast<double>(range.exponent)));
}

}  // namespace outthink::kernels
