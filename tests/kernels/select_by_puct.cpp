// SPDX-License-Identifier: MIT
#include "../support/children.hpp"
#include "simd/each_target.hpp"
#include <outthink/kernels/select_by_puct.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

using outthink::kernels::puct_options;
using outthink::kernels::select_by_puct;
using outthink::test::children;
using outthink::test::for_each_target;

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

double score(const children& c, std::size_t i, const puct_options& o) {
  const auto n = static_cast<double>(c.visits[i]), parent = static_cast<double>(c.parent_visits);
  const double mean = c.visits[i] == 0 ? static_cast<double>(o.unvisited_value)
                                       : static_cast<double>(c.value_sums[i]) / n;
  const auto base = static_cast<double>(o.base);
  return mean + static_cast<double>(c.priors[i]) * std::sqrt(parent) / (1 + n) *
                    (static_cast<double>(o.init) + std::log((parent + base + 1) / base));
}

std::size_t choose(const children& c, const puct_options& o = {}) {
  const std::size_t chosen = select_by_puct(c.visits, c.value_sums, c.priors, c.parent_visits, o);
  CHECK_FALSE(outthink::test::wide_registers_in_use());
  return chosen;
}

}  // namespace

TEST_CASE("select_by_puct chooses the largest score, for 1 to 67 children and more") {
  for_each_target([] {
    for (std::size_t n = 1; n <= 1000; n = n < 67 ? n + 1 : 3 * n) {
      for (unsigned seed = 0; seed < 10; ++seed) {
        children c = outthink::test::random_children(n, seed);
        if (seed % 2 == 0) c.visits[n / 2] = 0;
        for (const puct_options& o : {puct_options{}, puct_options{0, 19652, 0.5F},
                                      puct_options{5, 10, 1}, puct_options{1.25F, 1e9F, -1}}) {
          // Five roundings of 2⁻²⁴ of either summand.
          double largest = -1e300;
          for (std::size_t i = 0; i < n; ++i) largest = std::max(largest, score(c, i, o));
          CHECK(score(c, choose(c, o), o) >= largest - 8 * 0x1p-24 * std::fabs(largest));
        }
      }
    }
  });
}

TEST_CASE("select_by_puct weighs value against prior as the formula does") {
  // Q = 1, N = 10, n = 2, P = .3: .895462 with the constants of AlphaZero.
  const children one{{2, 0}, {1.0F, 0.0F}, {0.3F, 0.0F}, 10};
  CHECK(score(one, 0, {}) == doctest::Approx(0.895462).epsilon(1e-6));
  for_each_target([&] {
    children c = one;
    c.priors[1] = (0.895462F - 1e-5F) / (std::sqrt(10.0F) * 1.2505596F);
    CHECK(choose(c) == 0);
    c.priors[1] = (0.895462F + 1e-5F) / (std::sqrt(10.0F) * 1.2505596F);
    CHECK(choose(c) == 1);
  });
}

TEST_CASE("select_by_puct takes a child without visits at the value it is told") {
  for_each_target([] {
    const children c{{4, 0}, {2.0F, 1e30F}, {0.0F, 0.0F}, 4};
    CHECK(choose(c) == 0);
    CHECK(choose(c, {.unvisited_value = 0.49F}) == 0);
    CHECK(choose(c, {.unvisited_value = 0.51F}) == 1);
  });
}

TEST_CASE("select_by_puct: of equal scores the first wins") {
  for_each_target([] {
    for (std::size_t n = 1; n <= 67; ++n) {
      children c{std::vector<std::uint32_t>(n, 3), std::vector<float>(n, 1.5F),
                 std::vector<float>(n, 0.1F), 100};
      CHECK(choose(c) == 0);
      c.priors[n / 3] = c.priors[n - 1] = 0.2F;
      CHECK(choose(c) == n / 3);
    }
  });
}

TEST_CASE("select_by_puct: NaN and minus infinity lose, infinity and 1e30 win") {
  for_each_target([] {
    children c = outthink::test::random_children(40, 2);
    c.value_sums[0] = kNaN;
    c.value_sums[1] = -kInfinity;
    c.priors[2] = kNaN;
    CHECK(choose(c) > 2);
    c.priors[21] = 1e30F;
    CHECK(choose(c) == 21);
    c.value_sums[33] = kInfinity;
    CHECK(choose(c) == 33);
    const children all{std::vector<std::uint32_t>(20, 1), std::vector<float>(20, kNaN),
                       std::vector<float>(20, 0.1F), 20};
    CHECK(choose(all) == 0);
  });
}

TEST_CASE("select_by_puct of no child is 0, and a parent without visits goes by value") {
  CHECK(select_by_puct({}, {}, {}, 5) == 0);
  const children c{{1, 1}, {0.1F, 0.2F}, {0.9F, 0.1F}, 0};
  for_each_target([&] { CHECK(choose(c) == 1); });
}
