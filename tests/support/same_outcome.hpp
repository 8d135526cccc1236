// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/outcome.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace outthink::test {

inline std::vector<std::uint32_t> bits_of(const std::vector<float>& values) {
  std::vector<std::uint32_t> bits;
  for (const float value : values) bits.push_back(std::bit_cast<std::uint32_t>(value));
  return bits;
}

/// True if two outcomes agree in every bit but the wall time and the exception's identity.
inline bool same(const outcome& a, const outcome& b) {
  if (a.candidates.size() != b.candidates.size()) return false;
  for (std::size_t i = 0; i < a.candidates.size(); ++i) {
    const candidate &x = a.candidates[i], &y = b.candidates[i];
    if (x.solution != y.solution || x.answer != y.answer || x.step_ends != y.step_ends ||
        bits_of(x.step_scores) != bits_of(y.step_scores) ||
        std::bit_cast<std::uint64_t>(x.logprob) != std::bit_cast<std::uint64_t>(y.logprob) ||
        x.tokens != y.tokens) {
      return false;
    }
  }
  return a.answer == b.answer && a.status == b.status && a.chosen == b.chosen &&
         std::bit_cast<std::uint64_t>(a.confidence) == std::bit_cast<std::uint64_t>(b.confidence) &&
         a.spent == b.spent && a.message == b.message;
}

inline bool same(std::span<const outcome> a, std::span<const outcome> b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!same(a[i], b[i])) return false;
  }
  return true;
}

}  // namespace outthink::test
