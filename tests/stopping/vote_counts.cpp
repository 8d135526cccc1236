// SPDX-License-Identifier: MIT
#include <outthink/stopping/vote_counts.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

TEST_CASE("vote_counts counts each answer's votes by its number") {
  const std::array<std::uint32_t, 6> votes{0, 1, 0, 2, 0, 1};
  CHECK(outthink::vote_counts(votes) == std::vector<std::size_t>{3, 2, 1});
  CHECK(outthink::vote_counts({}).empty());
}
