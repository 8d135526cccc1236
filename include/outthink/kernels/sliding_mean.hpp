// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>

namespace outthink::kernels {

/// @brief The mean of every `window` neighbouring values: means[i] is that of values
/// [i, i + window).
///
/// How it works: values are cut into blocks of a window; a window is the end of one block and the
/// begin of the next, so its sum is a suffix sum plus a prefix sum. Unlike the usual running sum
/// nothing is subtracted: errors do not pile up along the trace, and an infinity or a NaN leaves
/// with its window.
/// Shapes and units: `values` [n], `means` [n - window + 1], `scratch` [window], overwritten.
/// Requires: window >= 1; `means` and `scratch` of these sizes, overlapping nothing. Fewer values
/// than a window have no mean: `means` is empty, nothing is written.
/// Cost: O(n), whatever the window: two additions a value; no allocation. Errors: none.
/// Determinism: the same bits on every machine.
/// Numerics: sums in double, rounded to float once: within 0.51 ulp, where no terms cancel. NaN and
/// infinities as in a sum of the window.
/// Reference: the group confidence of Y. Fu et al. 2025 (DeepConf, arXiv:2508.15260) with a window
/// of 2048 tokens; traces shorter than that are scored by their mean there. The sums are the blocks
/// of M. van Herk 1992 with additions for comparisons.
inline void sliding_mean(std::span<const float> values, std::size_t window, std::span<float> means,
                         std::span<double> scratch) noexcept {
  if (values.size() < window) return;
  const std::size_t count = values.size() - window + 1;
  const auto divisor = static_cast<double>(window);
  for (std::size_t base = 0; base < count; base += window) {
    double suffix = 0;
    for (std::size_t i = window; i-- > 0;) {
      suffix += static_cast<double>(values[base + i]);
      scratch[i] = suffix;
    }
    const std::size_t outputs = count - base < window ? count - base : window;
    double prefix = 0;
    means[base] = static_cast<float>(scratch[0] / divisor);
    for (std::size_t i = 1; i < outputs; ++i) {
      prefix += static_cast<double>(values[base + window + i - 1]);
      means[base + i] = static_cast<float>((scratch[i] + prefix) / divisor);
    }
  }
}

}  // namespace outthink::kernels
