// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/argmax.hpp>
#include <outthink/kernels/logit_row.hpp>
#include <outthink/kernels/truncation.hpp>

#include <cmath>
#include <cstddef>
#include <span>

namespace outthink::kernels::detail {

/// Σ d and Σ d² over the finite logits, d being their scaled distance from a centre.
struct deviation_sums {
  double sum;
  double squares;
  std::size_t count;
  float largest;  ///< of all logits
  float scale;
};

}  // namespace outthink::kernels::detail

#define OUTTHINK_KERNEL <outthink/kernels/simd/top_n_sigma.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief The truncation that keeps tokens whose logit is at most n standard deviations of all
/// logits below the largest.
///
/// How it works: z ≥ max z - n σ, with σ over the finite logits; one pass sums distances from the
/// mean of the first 256 and their squares. No temperature changes the set.
/// Shapes and units: `logits` [vocabulary]. Requires: masked tokens are -inf, since a large
/// negative logit would count. Cost: one read of the row; allocates nothing. Errors: none.
/// Determinism: a function of the arguments and the target.
/// Numerics: single precision in a block of 1,024 tokens, double beyond: σ is off by at most a
/// factor of 1 ± 1e-5, for |z| up to the largest float. The likeliest tokens are kept, also for
/// n ≤ 0. -inf, +inf and NaN do not count towards σ; with +inf in the row only +inf is kept; a row
/// without a logit above -inf keeps nothing.
/// Reference: C. Tang et al., "Top-nσ: not all logits are you need", 2024, arXiv:2411.07641. The
/// authors' program divides by V - 1, llama.cpp and this by V; n ≤ 0 switches llama.cpp's off.
template <logit_row Row>
[[nodiscard]] inline truncation top_n_sigma(const Row& logits, double n) noexcept {
  const auto row = detail::span_of(logits);
  const auto d =
      detail::dispatch([&](auto isa) { return top_n_sigma(isa, row.data(), row.size()); });
  if (d.largest == -HUGE_VALF) return {};
  const auto count = static_cast<double>(d.count > 0 ? d.count : 1);
  const double mean = d.sum / count, variance = d.squares / count - mean * mean;
  const double sigma = (variance > 0 ? std::sqrt(variance) : 0) / static_cast<double>(d.scale);
  const double cut = static_cast<double>(d.largest) - (n > 0 ? n * sigma : 0);
  const double lowest = static_cast<double>(truncation{}.threshold);
  return {static_cast<float>(cut > lowest ? cut : lowest), truncation{}.last};
}

}  // namespace outthink::kernels
