// SPDX-License-Identifier: MIT
// What tests may ask of the library that plays llama.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fake_llama {

inline constexpr std::int32_t vocabulary =
    280;  ///< 256 bytes, then control tokens and one long word
inline constexpr std::int32_t begin = 256, end_of_text = 257, end_of_turn = 258, word = 259;
inline constexpr int context = 64;

/// What was done since the last `reset`.
struct counts {
  std::size_t decodes = 0;    ///< calls of llama_decode that succeeded
  std::size_t evaluated = 0;  ///< tokens in them
  std::size_t copies = 0;     ///< calls of llama_memory_seq_cp
};
counts& since_reset();

/// Lets the n-th next call of llama_decode (from 1) return `result`; a negative result below -1
/// leaves its tokens in the cache.
void fail_decode(std::size_t n, std::int32_t result);

/// The logits after a sequence of tokens.
std::vector<float> logits_after(std::span<const std::int32_t> tokens);

/// Cells that hold a token now, in the latest context.
std::size_t used_cells();

}  // namespace fake_llama
