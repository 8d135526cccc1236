// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

namespace outthink::kernels {

/// @brief The tokens that a truncation keeps: those whose logit exceeds `threshold`, and of those
/// that equal it the tokens up to and including `last`.
///
/// Every truncation that ranks tokens by logit, equal ones by lower token, is of this form: top-k,
/// top-p, min-p, top-nσ, mirostat. NaN is never kept. Two truncations in a row are the stricter
/// one.
struct truncation {
  float threshold = std::numeric_limits<float>::lowest();
  std::uint32_t last = std::numeric_limits<std::uint32_t>::max();

  [[nodiscard]] constexpr bool keeps(float logit, std::size_t token) const noexcept {
    return logit > threshold || (logit == threshold && token <= last);
  }

  friend constexpr bool operator==(const truncation&, const truncation&) = default;
};

/// The truncation that keeps what both keep.
[[nodiscard]] constexpr truncation stricter(const truncation& a, const truncation& b) noexcept {
  if (a.threshold != b.threshold) return a.threshold > b.threshold ? a : b;
  return a.last < b.last ? a : b;
}

}  // namespace outthink::kernels
