// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>

namespace outthink {

/// How many of the `edges` an estimate of ease reaches: bin 0 is the hardest, and that of NaN.
[[nodiscard]] constexpr std::size_t bin_of(double ease, std::span<const double> edges) noexcept {
  std::size_t bin = 0;
  for (const double edge : edges) bin += ease >= edge ? 1 : 0;
  return bin;
}

}  // namespace outthink
