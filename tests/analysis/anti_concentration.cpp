// SPDX-License-Identifier: MIT
#include <outthink/analysis/anti_concentration.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using outthink::anti_concentration;

TEST_CASE("anti_concentration gives the published values") {
  CHECK(anti_concentration(std::vector<double>{0, 1}) == 0.5);
  CHECK(anti_concentration(std::vector<double>{0, 1, 1, 0, 1, 0}) == 0.5);
  std::vector<double> rare(100);
  rare[42] = 1;
  CHECK(anti_concentration(rare) == 0.01);
}

TEST_CASE("anti_concentration counts what is so many deviations above the mean") {
  const std::vector<double> rewards{0, 0, 0, 0, 5, 5, 5, 5, 10, 10};  // mean 4, deviation 3.742
  CHECK(anti_concentration(rewards, 0) == 0.6);
  CHECK(anti_concentration(rewards, 1) == 0.2);
  CHECK(anti_concentration(rewards, 2.5) == 0.2);
  CHECK(anti_concentration(rewards, 2.7) == 0);
}

TEST_CASE("equal rewards all reach their mean, however they round") {
  CHECK(anti_concentration(std::vector<double>{.1, .1, .1}) == 1);
  CHECK(anti_concentration(std::vector<double>{0, 0}) == 1);
  CHECK(std::isnan(anti_concentration({})));
  CHECK(std::isnan(anti_concentration(std::vector<double>{1, NAN})));
}
