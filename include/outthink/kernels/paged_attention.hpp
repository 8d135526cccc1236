// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/simd/vector.hpp>

#include <cstddef>

namespace outthink::kernels {

/// Tokens whose keys and values lie in one page.
inline constexpr std::size_t page_tokens = 16;

/// Operands of `paged_attention`.
struct paged_attention_args {
  const float* query;         ///< [heads][head_dim]
  const float* const* pages;  ///< [keys / page_tokens, rounded up]
  float* output;              ///< [heads][head_dim]
  float* scores;              ///< scratch, `keys` rounded up to a multiple of page_tokens
  std::size_t key_offset;     ///< in a page, to keys [kv_heads][head_dim][page_tokens]
  std::size_t value_offset;   ///< in a page, to values [kv_heads][page_tokens][value_width]
  std::size_t keys;           ///< at least 1
  std::size_t heads;          ///< a multiple of kv_heads
  std::size_t kv_heads;       ///< heads / kv_heads neighbouring heads share one
  std::size_t head_dim;       ///< floats of a query, of a key and of a value
  std::size_t value_width;    ///< head_dim rounded up to a multiple of 16
  float scale;                ///< of the scores
};

}  // namespace outthink::kernels

#define OUTTHINK_KERNEL <outthink/kernels/simd/paged_attention.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief Attends from one position to the keys 0 … keys - 1 of its sequence, for every head.
///
/// How it works: per head, scores = scale · query·keys, sixteen keys of a page at a time (keys lie
/// transposed); softmax; output = Σ weight · value. What a page holds past `keys` is never used.
/// Cost: 4 · heads · head_dim · keys operations and heads · keys exponentials; allocates nothing.
/// Errors: none.
/// Determinism: the order of every sum is fixed by `keys`, not by who shares the pages.
/// Numerics: single precision, the largest score subtracted; exponentials within 2 ulp.
/// Reference: Vaswani et al., Attention is all you need, 2017, arXiv:1706.03762; grouped heads:
/// Ainslie et al., GQA, 2023, arXiv:2305.13245; pages: Kwon et al., PagedAttention, 2023,
/// arXiv:2309.06180.
inline void paged_attention(const paged_attention_args& args) noexcept {
  detail::dispatch([&](auto isa) { paged_attention(isa, args); });
}

}  // namespace outthink::kernels
