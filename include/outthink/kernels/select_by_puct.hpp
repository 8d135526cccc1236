// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/simd/best_index.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace outthink::kernels {

/// Operands of `select_by_puct`, for its bodies.
struct puct_args {
  const std::uint32_t* visits;  ///< [children]
  const float* value_sums;      ///< [children]
  const float* priors;          ///< [children]
  std::size_t children;         ///< may be 0
  float weight;                 ///< √N · c(N)
  float unvisited_value;        ///< Q/n of a child without visits
  std::size_t* chosen;          ///< where the position goes
};

/// How `select_by_puct` explores; the constants are those of AlphaZero.
struct puct_options {
  float init = 1.25F;         ///< c_init
  float base = 19652;         ///< c_base: visits from which on exploration grows, positive
  float unvisited_value = 0;  ///< the mean value that a child without visits is taken to have
};

}  // namespace outthink::kernels

#define OUTTHINK_KERNEL <outthink/kernels/simd/select_by_puct.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels::detail {

/// Of so few children one after the other is faster, and gives the bits that vectors give.
inline constexpr std::size_t few_children = 8;

inline void select_by_puct_one_by_one(const puct_args& a) noexcept {
  float largest = -__builtin_inff();
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < a.children; ++i) {
    const auto n = static_cast<float>(a.visits[i]);
    const float mean = n == 0 ? a.unvisited_value : a.value_sums[i] / n;
    const float score = mean + a.priors[i] * a.weight / (1 + n);
    // No branch: which child is better cannot be foreseen.
    const bool better = score > largest;
    chosen = better ? i : chosen;
    largest = better ? score : largest;
  }
  *a.chosen = chosen;
}

}  // namespace outthink::kernels::detail

namespace outthink::kernels {

/// @brief The child with the largest Q/n + c(N) P √N / (1 + n), where
/// c(N) = c_init + ln((N + c_base + 1) / c_base).
///
/// Q: sum of the values backed up through a child; P: its prior; n: its visits; N: its parent's.
/// A child without visits has the mean value `unvisited_value`, 0 unless told otherwise (the
/// parent's own mean is usual too).
/// Shapes and units: `visits`, `value_sums` and `priors` [children]; values in [0, 1] suit the
/// constants; priors usually sum to 1.
/// Requires: at most 2³¹ - 1 children and visits each.
/// Cost: O(children), two divisions each; no allocation. Errors: none.
/// Determinism: depends on the instruction set only where two scores are within rounding.
/// Numerics: single precision, five roundings; of equal scores the first wins; NaN and minus
/// infinity lose to everything, and if all are, position 0 is chosen, as of no child.
/// Reference: D. Silver et al. 2018 (AlphaZero), Science 362, and its published pseudo-code; C.
/// Rosin 2011 for the form. Programs that search with language models differ: one drops the prior,
/// one multiplies the value by it as well, some have √ln N for √N.
[[nodiscard]] inline std::size_t select_by_puct(std::span<const std::uint32_t> visits,
                                                std::span<const float> value_sums,
                                                std::span<const float> priors,
                                                std::uint32_t parent_visits,
                                                const puct_options& options = {}) noexcept {
  const auto parent = static_cast<double>(parent_visits);
  const auto base = static_cast<double>(options.base);
  const double weight = std::sqrt(parent) *
                        (static_cast<double>(options.init) + std::log((parent + base + 1) / base));
  std::size_t chosen = 0;
  const puct_args args{visits.data(), value_sums.data(),          priors.data(),
                       visits.size(), static_cast<float>(weight), options.unvisited_value,
                       &chosen};
  if (args.children <= detail::few_children) {
    detail::select_by_puct_one_by_one(args);
  } else {
    detail::dispatch([&](auto isa) { select_by_puct(isa, args); });
  }
  return chosen;
}

}  // namespace outthink::kernels
