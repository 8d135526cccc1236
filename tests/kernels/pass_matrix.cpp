// SPDX-License-Identifier: MIT
#include "../support/pass_matrices.hpp"
#include <outthink/kernels/pass_matrix.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

TEST_CASE("pass_matrix keeps a bit for every solution and test") {
  for (const std::size_t tests : {0U, 1U, 63U, 64U, 65U, 128U, 500U}) {
    const auto matrix = outthink::test::random_passes(1, 9, tests);
    CHECK(matrix.view().words.size() == 9 * ((tests + 63) / 64));
    for (std::size_t i = 0; i < 9; ++i)
      for (std::size_t t = 0; t < tests; ++t)
        CHECK(matrix.view().passes(i, t) == (matrix.rows[i][t] == '1'));
  }
}

TEST_CASE("pass_counts counts each solution's passes") {
  for (std::size_t tests = 0; tests <= 140; ++tests) {
    const auto matrix = outthink::test::random_passes(static_cast<unsigned>(tests), 7, tests);
    std::vector<std::uint32_t> counts(7, 99);
    outthink::kernels::pass_counts(matrix.view(), counts);
    for (std::size_t i = 0; i < 7; ++i)
      CHECK(counts[i] == std::count(matrix.rows[i].begin(), matrix.rows[i].end(), '1'));
  }
  outthink::kernels::pass_counts({}, {});
}
