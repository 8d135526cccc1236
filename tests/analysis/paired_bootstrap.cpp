// SPDX-License-Identifier: MIT
#include <outthink/analysis/mcnemar_test.hpp>
#include <outthink/analysis/paired_bootstrap.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <vector>

using outthink::paired_bootstrap;
using outthink::random_stream;

TEST_CASE("paired_bootstrap sees a difference that problems of every difficulty hide") {
  random_stream random({.key = 2, .place = 0});
  std::vector<double> first, second;
  for (int i = 0; i < 200; ++i) {
    first.push_back(random.uniform());
    second.push_back(first.back() + 0.02 + 0.02 * random.uniform());
  }
  const auto compared = paired_bootstrap(first, second);
  CHECK(compared.difference == doctest::Approx(0.03).epsilon(0.05));
  CHECK(compared.range.low > 0.028);
  CHECK(compared.range.high < 0.032);
  CHECK(compared.p_value < 0.001);
  // Alone, each mean is uncertain by more than the difference.
  CHECK(outthink::bootstrap_mean(first).high > compared.difference + 0.5);
  const auto swapped = paired_bootstrap(second, first);
  CHECK(swapped.difference == doctest::Approx(-compared.difference));
  CHECK(swapped.range.low == doctest::Approx(-compared.range.high));
  CHECK(swapped.p_value == compared.p_value);
}

// 30 against 50 of 400 problems that only one solves: both tests are near the normal one, z = 2.236
// without correction.
TEST_CASE("paired_bootstrap agrees with McNemar's test where both apply") {
  std::vector<double> first(400), second(400);
  for (std::size_t i = 0; i < 30; ++i) first[i] = 1;
  for (std::size_t i = 30; i < 80; ++i) second[i] = 1;
  const auto compared = paired_bootstrap(first, second);
  CHECK(compared.difference == doctest::Approx(0.05));
  CHECK(compared.p_value == doctest::Approx(0.0253).epsilon(0.25));
  CHECK(compared.p_value == doctest::Approx(outthink::mcnemar_test({30, 50}).mid).epsilon(0.25));
}

// 500 pairs of strategies that are equal, each problem run with 2 seeds. A p-value below .1 comes
// in 10 % of them; 6 to 14.5 % is 3 standard errors either way, with room for so few problems.
TEST_CASE("paired_bootstrap finds no difference where there is none, as often as it says") {
  random_stream random({.key = 6, .place = 0});
  int found = 0;
  for (int experiment = 0; experiment < 500; ++experiment) {
    std::vector<double> first, second;
    for (int i = 0; i < 50; ++i) {
      const double ease = random.uniform();
      for (int seed = 0; seed < 2; ++seed) {
        first.push_back(random.uniform() < ease ? 1 : 0);
        second.push_back(random.uniform() < ease ? 1 : 0);
      }
    }
    found += paired_bootstrap(first, second, 2, {.resamples = 300}).p_value < 0.1 ? 1 : 0;
  }
  CHECK(found >= 30);
  CHECK(found <= 72);
}

TEST_CASE("paired_bootstrap of a strategy with itself, and of what cannot be paired") {
  const std::vector<double> values{1, 0, 1, 1};
  const auto same = paired_bootstrap(values, values);
  CHECK(same.difference == 0);
  CHECK(same.range.low == 0);
  CHECK(same.range.high == 0);
  CHECK(same.p_value == 1);
  const std::vector<double> three{1, 0, 1}, unknown{1, 0, 1, NAN};
  CHECK_THROWS_AS((void)paired_bootstrap(values, three), outthink::error);
  CHECK_THROWS_AS((void)paired_bootstrap(values, unknown), outthink::error);
  CHECK_THROWS_AS((void)paired_bootstrap(values, values, 3), outthink::error);
  CHECK_THROWS_AS((void)paired_bootstrap({}, {}), outthink::error);
}
