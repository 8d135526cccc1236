// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace outthink::kernels {

/// Words of 64 tests that a row of a `pass_matrix` takes.
[[nodiscard]] constexpr std::size_t words_for_tests(std::size_t tests) noexcept {
  return (tests + 63) / 64;
}

/// @brief Which solution passes which test: a bit each, 500 tests in one cache line.
///
/// A view: the words are the caller's.
/// Shapes and units: `words` [solutions][words_for_tests(tests)]; test t of a row is bit t % 64 of
/// its word t / 64; the bits past the last test are 0.
struct pass_matrix {
  std::span<const std::uint64_t> words;  ///< all rows
  std::size_t solutions = 0;             ///< rows
  std::size_t tests = 0;                 ///< bits of a row

  [[nodiscard]] constexpr std::span<const std::uint64_t> row(std::size_t solution) const noexcept {
    const std::size_t size = words_for_tests(tests);
    return words.subspan(solution * size, size);
  }
  [[nodiscard]] constexpr bool passes(std::size_t solution, std::size_t test) const noexcept {
    return (row(solution)[test / 64] >> (test % 64) & 1) != 0;
  }
};

/// Sets in a row of words that start as 0 the bit of a test that passes.
constexpr void set_pass(std::span<std::uint64_t> row, std::size_t test) noexcept {
  row[test / 64] |= std::uint64_t{1} << (test % 64);
}

/// @brief How many tests each solution passes.
///
/// The largest count is the rule MaxPass: the best by most tests, whether the tests are right or
/// not. Shapes and units: `counts` [solutions]. Requires: nothing. Cost: O(solutions · tests / 64);
/// no allocation. Errors: none. Determinism: the same counts on every machine. Numerics: exact.
inline void pass_counts(const pass_matrix& matrix, std::span<std::uint32_t> counts) noexcept {
  for (std::size_t i = 0; i < matrix.solutions; ++i) {
    std::uint32_t count = 0;
    for (const std::uint64_t word : matrix.row(i))
      count += static_cast<std::uint32_t>(std::popcount(word));
    counts[i] = count;
  }
}

}  // namespace outthink::kernels
