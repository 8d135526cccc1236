// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/logit_row.hpp>
#include <outthink/kernels/simd/candidates.hpp>

#include <algorithm>
#include <cstddef>
#include <span>

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
template <logit_row Row>
inline std::size_t top_k(const Row& logits, std::span<token_logit> largest) noexcept {
  const auto row = detail::span_of(logits);
  const std::size_t n = detail::dispatch(
      [&](auto isa) { return top_k(isa, row.data(), row.size(), largest.data(), largest.size()); });
  if (largest.size() > detail::most_ranked) {
    std::sort(largest.data(), largest.data() + n, [](const token_logit& a, const token_logit& b) {
      return a.logit > b.logit || (a.logit == b.logit && a.token < b.token);
    });
  }
  return n;
}

}  // namespace outthink::kernels
