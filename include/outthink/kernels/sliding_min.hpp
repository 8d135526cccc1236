// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/simd/vector.hpp>

#include <cstddef>
#include <span>

namespace outthink::kernels {

/// Operands of `sliding_min`, for its bodies.
struct sliding_min_args {
  const float* values;  ///< [size]
  std::size_t size;     ///< at least window
  std::size_t window;   ///< at least 1
  float* minima;        ///< [size - window + 1]
  float* scratch;       ///< [size]
};

}  // namespace outthink::kernels

#define OUTTHINK_KERNEL <outthink/kernels/simd/sliding_min.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief The smallest of every `window` neighbouring values: minima[i] is that of values
/// [i, i + window).
///
/// How it works: minima of as many neighbours as a vector has lanes by doubling; then van Herk's
/// and Gil and Werman's two running minima per block, each lane a stream of its own; windows that
/// are no multiple of a vector overlap two of them.
/// Shapes and units: `values` [n], `minima` [n - window + 1], `scratch` [n], overwritten.
/// Requires: window >= 1; `minima` and `scratch` of these sizes, overlapping nothing. Fewer values
/// than a window have no minimum: `minima` is empty, nothing is written.
/// Cost: O(n), whatever the window; no allocation. Errors: none.
/// Determinism: the same bits on every target.
/// Numerics: exact; a window with a NaN has the minimum NaN, -0 is below +0.
/// Reference: M. van Herk 1992, Pattern Recognition Letters 13(7); J. Gil, M. Werman 1993, IEEE
/// PAMI 15(5). For the lowest group confidence of Y. Fu et al. 2025 (DeepConf, arXiv:2508.15260)
/// take the smallest of `sliding_mean`.
inline void sliding_min(std::span<const float> values, std::size_t window, std::span<float> minima,
                        std::span<float> scratch) noexcept {
  if (values.size() < window) return;
  const sliding_min_args args{values.data(), values.size(), window, minima.data(), scratch.data()};
  detail::dispatch([&](auto isa) { sliding_min(isa, args); });
}

}  // namespace outthink::kernels
