// SPDX-License-Identifier: MIT
#include "../support/children.hpp"
#include "simd/each_target.hpp"
#include <outthink/kernels/select_by_uct.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

using outthink::kernels::select_by_uct;
using outthink::test::children;
using outthink::test::for_each_target;

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
const float kRoot2 = std::sqrt(2.0F);

double bound(const children& c, std::size_t i, double exploration) {
  const auto n = static_cast<double>(c.visits[i]);
  return static_cast<double>(c.value_sums[i]) / n +
         exploration * std::sqrt(std::log(static_cast<double>(c.parent_visits)) / n);
}

std::size_t choose(const children& c, float exploration) {
  const std::size_t chosen = select_by_uct(c.visits, c.value_sums, c.parent_visits, exploration);
  CHECK_FALSE(outthink::test::wide_registers_in_use());
  return chosen;
}

/// The chosen bound is the largest up to rounding: three roundings of 2⁻²⁴ of either summand, and
/// those of the inputs.
void check_best(const children& c, std::size_t chosen, float exploration) {
  const auto e = static_cast<double>(exploration);
  double largest = -1e300;
  for (std::size_t i = 0; i < c.visits.size(); ++i) largest = std::max(largest, bound(c, i, e));
  CHECK(bound(c, chosen, e) >= largest - 8 * 0x1p-24 * std::fabs(largest));
}

}  // namespace

TEST_CASE("select_by_uct chooses the largest bound, for 1 to 67 children and more") {
  for_each_target([] {
    for (std::size_t n = 1; n <= 1000; n = n < 67 ? n + 1 : 3 * n) {
      for (unsigned seed = 0; seed < 10; ++seed) {
        const children c = outthink::test::random_children(n, seed);
        for (const float exploration : {0.0F, 0.5F, kRoot2, 100.0F})
          check_best(c, choose(c, exploration), exploration);
      }
    }
  });
}

TEST_CASE("select_by_uct weighs value against exploration as the formula does") {
  // Q = 1, N = 10, n = 2, c = √2: .5 + √2 √(ln 10 / 2) = 2.017427.
  const children c{{2, 1}, {1.0F, 0.0F}, {}, 10};
  CHECK(bound(c, 0, std::sqrt(2.0)) == doctest::Approx(2.017427).epsilon(1e-6));
  // The other child's bound is c √ln 10, larger from c = 1.124963... on.
  const double even = 0.5 / (std::sqrt(std::log(10.0)) * (1 - std::sqrt(0.5)));
  for_each_target([&] {
    CHECK(choose(c, static_cast<float>(even) - 1e-5F) == 0);
    CHECK(choose(c, static_cast<float>(even) + 1e-5F) == 1);
  });
}

TEST_CASE("select_by_uct takes the first child without visits before all others") {
  for_each_target([] {
    for (std::size_t n = 1; n <= 67; ++n) {
      children c = outthink::test::random_children(n, 1);
      c.visits[n / 2] = c.visits[n - 1] = 0;
      CHECK(choose(c, kRoot2) == n / 2);
      c.value_sums[0] = 1e30F;
      CHECK(choose(c, 0) == n / 2);
    }
  });
}

TEST_CASE("select_by_uct: of equal bounds the first wins") {
  for_each_target([] {
    for (std::size_t n = 1; n <= 67; ++n) {
      children c{std::vector<std::uint32_t>(n, 3), std::vector<float>(n, 1.5F), {}, 100};
      CHECK(choose(c, kRoot2) == 0);
      c.value_sums[n / 3] = c.value_sums[n - 1] = 2;
      CHECK(choose(c, kRoot2) == n / 3);
    }
  });
}

TEST_CASE("select_by_uct: NaN and minus infinity lose, infinity and 1e30 win, denormals count") {
  for_each_target([] {
    children c = outthink::test::random_children(40, 2);
    c.value_sums[0] = kNaN;
    c.value_sums[1] = -kInfinity;
    c.value_sums[2] = -1e30F;
    CHECK(choose(c, 1) > 2);
    c.value_sums[21] = 1e30F;
    CHECK(choose(c, 1) == 21);
    c.value_sums[33] = kInfinity;
    CHECK(choose(c, 1) == 33);
    const children all{std::vector<std::uint32_t>(20, 1), std::vector<float>(20, kNaN), {}, 20};
    CHECK(choose(all, 1) == 0);
    children tiny{{1, 1, 1}, {0, 1e-44F, 0}, {}, 1};
    CHECK(choose(tiny, 1) == 1);
  });
}

TEST_CASE("select_by_uct of no child is 0, and a parent without visits explores nothing") {
  CHECK(select_by_uct({}, {}, 5, 1) == 0);
  const children c{{1, 1}, {0.1F, 0.2F}, {}, 0};
  for_each_target([&] { CHECK(choose(c, 1) == 1); });
}

TEST_CASE("select_by_uct counts visits up to 2^31 - 1") {
  for_each_target([] {
    const children c{{2147483647U, 1}, {2e9F, 0.5F}, {}, 2147483648U};
    CHECK(choose(c, 0) == 0);
    CHECK(choose(c, 1) == 1);
  });
}

TEST_CASE("select_by_uct follows its children through a rotation") {
  for_each_target([] {
    children c = outthink::test::random_children(50, 3, 1000);
    const std::size_t chosen = choose(c, kRoot2);
    std::rotate(c.visits.begin(), c.visits.begin() + 13, c.visits.end());
    std::rotate(c.value_sums.begin(), c.value_sums.begin() + 13, c.value_sums.end());
    CHECK((choose(c, kRoot2) + 13) % 50 == chosen);
  });
}
