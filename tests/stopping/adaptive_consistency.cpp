// SPDX-License-Identifier: MIT
#include <outthink/stopping/adaptive_consistency.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

using outthink::adaptive_consistency;

namespace {

std::vector<std::uint32_t> votes(std::size_t leader, std::size_t second) {
  std::vector<std::uint32_t> all(second, 0);
  all.insert(all.end(), leader, second > 0 ? 1 : 0);
  return all;
}

}  // namespace

// Exact: the sum of C(a + b + 1, j) over j ≤ a, divided by 2^(a + b + 1).
TEST_CASE("adaptive_consistency: the chance to stay ahead is the binomial sum") {
  const auto chance = [](std::size_t a, std::size_t b) {
    return adaptive_consistency::chance_to_lead(a, b);
  };
  CHECK(chance(3, 0) == doctest::Approx(0.9375).epsilon(1e-12));
  CHECK(chance(4, 0) == doctest::Approx(0.96875).epsilon(1e-12));
  CHECK(chance(5, 1) == doctest::Approx(0.9375).epsilon(1e-12));
  CHECK(chance(6, 1) == doctest::Approx(0.96484375).epsilon(1e-12));
  CHECK(chance(8, 2) == doctest::Approx(1981.0 / 2048).epsilon(1e-12));
  CHECK(chance(9, 3) == doctest::Approx(7814.0 / 8192).epsilon(1e-12));
  for (const std::size_t n : {0U, 1U, 7U, 500U}) CHECK(chance(n, n) == doctest::Approx(0.5));
}

TEST_CASE("adaptive_consistency stops where the published table does") {
  const adaptive_consistency rule;
  for (const auto& [leader, second] : {std::pair(4, 0), {6, 1}, {8, 2}, {9, 3}}) {
    const auto a = static_cast<std::size_t>(leader), b = static_cast<std::size_t>(second);
    CHECK(rule(votes(a, b)));
    CHECK_FALSE(rule(votes(a - 1, b)));
  }
  CHECK_FALSE(rule({}));
}

TEST_CASE("adaptive_consistency looks at the two leaders alone") {
  const std::vector<std::uint32_t> all{0, 1, 2, 3, 1, 1, 1, 1, 1};
  CHECK(adaptive_consistency{}(all));  // 6 against 1, whatever the others
}
