// SPDX-License-Identifier: MIT
#include <outthink/analysis/mcnemar_test.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <initializer_list>
#include <vector>

using outthink::count_discordant;
using outthink::mcnemar_test;

TEST_CASE("mcnemar_test gives the published p-values of 1 against 7") {
  // M. Fagerland et al. 2013, the airways of children before and after a transplant.
  const auto p = mcnemar_test({1, 7});
  CHECK(p.exact == doctest::Approx(0.0703125));
  CHECK(p.mid == doctest::Approx(0.0390625));
}

TEST_CASE("mcnemar_test agrees with sums of exact integers") {
  struct row {
    std::uint64_t first, second;
    double exact, mid;
  };
  const row rows[] = {{0, 1, 1, .5},
                      {0, 5, .0625, .03125},
                      {1, 2, 1, .625},
                      {7, 7, 1, .895263671875},
                      {450, 550, .00173053608497632, .0015611388396992},
                      {900, 1100, 8.45708953550393e-06, 7.65662834775743e-06}};
  for (const row& one : rows) {
    CAPTURE(one.first);
    for (const auto& p :
         {mcnemar_test({one.first, one.second}), mcnemar_test({one.second, one.first})}) {
      CHECK(p.exact == doctest::Approx(one.exact).epsilon(1e-12));
      CHECK(p.mid == doctest::Approx(one.mid).epsilon(1e-12));
    }
  }
}

// By the normal approximation with continuity correction, which is good to 1 % there.
TEST_CASE("mcnemar_test for a million discordant problems, and for none") {
  CHECK(mcnemar_test({499'000, 501'000}).exact == doctest::Approx(0.04560).epsilon(0.01));
  CHECK(mcnemar_test({0, 1'000'000}).exact == 0);
  CHECK(mcnemar_test({0, 0}).exact == 1);
  CHECK(mcnemar_test({0, 0}).mid == 1);
}

TEST_CASE("count_discordant counts the problems that one alone solved") {
  const std::vector<std::uint8_t> first{1, 1, 0, 0, 1}, second{1, 0, 1, 0, 0};
  const auto pairs = count_discordant(first, second);
  CHECK(pairs.first_only == 2);
  CHECK(pairs.second_only == 1);
  CHECK_THROWS_AS((void)count_discordant(first, {}), outthink::error);
}
