// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/pass_matrix.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace outthink::kernels {

namespace detail {

/// A hash of the words of a row.
constexpr std::uint64_t hash_row(std::span<const std::uint64_t> row) noexcept {
  std::uint64_t hash = 0x9E3779B97F4A7C15;
  for (const std::uint64_t word : row) {
    hash = (hash ^ word) * 0xFF51AFD7ED558CCD;
    hash ^= hash >> 32;
  }
  return hash;
}

}  // namespace detail

/// Slots of scratch that `agreement_groups` wants: twice as many as solutions.
[[nodiscard]] constexpr std::size_t agreement_scratch(std::size_t solutions) noexcept {
  return 2 * solutions;
}

/// @brief Groups the solutions that pass exactly the same tests; returns the number of groups.
///
/// How it works: a hash table of rows in the scratch; rows with the same hash are compared.
/// Shapes and units: `groups` [solutions], the smallest solution that passes the same tests;
/// `sizes` [solutions], the size of each solution's group; `scratch`
/// [agreement_scratch(solutions)]. Requires: at most 2³² - 2 solutions. Cost: O(solutions · tests /
/// 64) expected; no allocation. Errors: none. Determinism: the same groups on every machine.
/// Numerics: exact. Without a test all solutions agree. Reference: the clusters of Y. Li et al.
/// 2022 (AlphaCode, arXiv:2203.07814), section 4.5, with outcomes of tests for output values; group
/// size alone is the rule MBR-exec of F. Shi et al. 2022 (arXiv:2204.11454).
inline std::size_t agreement_groups(const pass_matrix& matrix, std::span<std::uint32_t> groups,
                                    std::span<std::uint32_t> sizes,
                                    std::span<std::uint32_t> scratch) noexcept {
  constexpr std::uint32_t kFree = std::numeric_limits<std::uint32_t>::max();
  const std::size_t slots = agreement_scratch(matrix.solutions);
  std::fill_n(scratch.begin(), slots, kFree);
  std::size_t count = 0;
  for (std::size_t i = 0; i < matrix.solutions; ++i) {
    const auto row = matrix.row(i);
    std::size_t slot = detail::hash_row(row) % slots;
    while (scratch[slot] != kFree && !std::ranges::equal(matrix.row(scratch[slot]), row))
      slot = slot + 1 < slots ? slot + 1 : 0;
    if (scratch[slot] == kFree) {
      scratch[slot] = static_cast<std::uint32_t>(i);
      sizes[i] = 0;
      ++count;
    }
    groups[i] = scratch[slot];
    ++sizes[groups[i]];
  }
  // Every size stands at its group's first solution, which comes before the others.
  for (std::size_t i = 0; i < matrix.solutions; ++i) sizes[i] = sizes[groups[i]];
  return count;
}

}  // namespace outthink::kernels
