// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/simd/best_index.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace outthink::kernels {

/// Operands of `select_by_uct`, for its bodies.
struct uct_args {
  const std::uint32_t* visits;  ///< [children]
  const float* value_sums;      ///< [children]
  std::size_t children;         ///< may be 0
  float log_parent_visits;      ///< ln of the parent's visits
  float exploration;            ///< c
  std::size_t* chosen;          ///< where the position goes
};

}  // namespace outthink::kernels

#define OUTTHINK_KERNEL <outthink/kernels/simd/select_by_uct.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief The child with the largest upper confidence bound Q/n + c √(ln N / n).
///
/// Q: sum of the values backed up through a child; n: its visits; N: its parent's; c: exploration.
/// A child without visits comes before all others (its bound is plus infinity).
/// Shapes and units: `visits` and `value_sums` [children], values usually in [0, 1], for which
/// √2 is the exploration of the original analysis.
/// Requires: at most 2³¹ - 1 children and visits each.
/// Cost: O(children), a square root and a division each; no allocation. Errors: none.
/// Determinism: depends on the instruction set only where two bounds are within rounding.
/// Numerics: single precision; what is computed is (Q + c √(n ln N)) / n, with five roundings; of
/// equal bounds the first wins; NaN and minus infinity lose to everything, and if all are, position
/// 0 is chosen, as of no child. A parent without visits counts as visited once.
/// Reference: L. Kocsis, C. Szepesvári 2006, ECML, with P. Auer et al. 2002 (UCB1), whose bound is
/// that of c = √2. Programs that search with language models write √N for √ln N as freely; this is
/// the logarithm.
[[nodiscard]] inline std::size_t select_by_uct(std::span<const std::uint32_t> visits,
                                               std::span<const float> value_sums,
                                               std::uint32_t parent_visits,
                                               float exploration) noexcept {
  const double parent = parent_visits > 0 ? static_cast<double>(parent_visits) : 1;
  std::size_t chosen = 0;
  const uct_args args{visits.data(), value_sums.data(),
                      visits.size(), static_cast<float>(std::log(parent)),
                      exploration,   &chosen};
  detail::dispatch([&](auto isa) { select_by_uct(isa, args); });
  return chosen;
}

}  // namespace outthink::kernels
