// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/truncation.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>

namespace outthink::kernels {

/// @brief The tokens that a truncation keeps, without the likeliest: of those in `floor` the ones
/// whose logit is below `ceiling`, and of those that equal it the tokens from `first` on.
///
/// Ranked by logit, equal ones by lower token, a truncation keeps the head of the ranking and a
/// band a run of it: what typical sampling and XTC leave. NaN is never kept.
struct band {
  truncation floor = {};
  float ceiling = std::numeric_limits<float>::infinity();
  std::uint32_t first = 0;

  [[nodiscard]] constexpr bool keeps(float logit, std::size_t token) const noexcept {
    return floor.keeps(logit, token) && (logit < ceiling || (logit == ceiling && token >= first));
  }

  friend constexpr bool operator==(const band&, const band&) = default;
};

/// The band that keeps what both keep.
[[nodiscard]] constexpr band stricter(const band& a, const band& b) noexcept {
  band both = a.ceiling < b.ceiling || (a.ceiling == b.ceiling && a.first > b.first) ? a : b;
  both.floor = stricter(a.floor, b.floor);
  return both;
}

}  // namespace outthink::kernels
