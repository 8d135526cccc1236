// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/simd/candidates.hpp>

#include <algorithm>
#include <cstddef>
#include <span>

namespace outthink::kernels::detail {

struct top_k_args {
  const float* logits;
  std::size_t size;
  token_logit* largest;
  std::size_t wanted;
};

}  // namespace outthink::kernels::detail

#define OUTTHINK_KERNEL <outthink/kernels/simd/top_k.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief Writes the k largest logits and their tokens, the largest first; k = `largest.size()`.
///
/// How it works: one pass keeps lane-wise maxima of groups of 256 tokens; the k-th largest of those
/// bounds the k-th largest logit from below, so that few groups are read again; the candidates are
/// ranked by counting. For k above 512: bisection for the k-th largest logit, then a sort.
/// Shapes and units: `logits` [vocabulary], `largest` [k]. Requires: at most 2³² tokens.
/// Cost: about one read of the row for k up to 512, about 25 reads and a sort of k above; allocates
/// nothing, 80 KiB of stack at most. Errors: none. Returns: how many were written, less than k
/// where the row has fewer logits above -inf.
/// Determinism: a function of the arguments, the same on every target.
/// Numerics: exact. Equal logits rank by lower token, also at the boundary; -inf and NaN are never
/// among the largest; +inf is.
inline std::size_t top_k(std::span<const float> logits, std::span<token_logit> largest) noexcept {
  const detail::top_k_args args{logits.data(), logits.size(), largest.data(), largest.size()};
  const std::size_t n = detail::dispatch([&](auto isa) { return top_k(isa, args); });
  if (largest.size() > detail::most_ranked) {
    std::sort(largest.data(), largest.data() + n, [](const token_logit& a, const token_logit& b) {
      return a.logit > b.logit || (a.logit == b.logit && a.token < b.token);
    });
  }
  return n;
}

}  // namespace outthink::kernels
