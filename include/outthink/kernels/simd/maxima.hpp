// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/simd/row.hpp>
#include <outthink/kernels/truncation.hpp>

#include <cstddef>
#include <cstdint>

namespace outthink::kernels::detail {

inline constexpr std::size_t most_groups = 512;

/// Tokens of a group: the vector of its lanes' maxima tells whether it needs to be read again.
[[nodiscard]] constexpr std::size_t group_size(std::size_t tokens) noexcept {
  std::size_t size = 256;
  while (size * most_groups < tokens) size *= 2;
  return size;
}

}  // namespace outthink::kernels::detail

#define OUTTHINK_KERNEL <outthink/kernels/simd/maxima.inl>
#include <outthink/kernels/simd/for_each_target.inl>
