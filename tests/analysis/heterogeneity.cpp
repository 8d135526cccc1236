// SPDX-License-Identifier: MIT
#include <outthink/analysis/heterogeneity.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

using outthink::bi_level_reward;
using outthink::heterogeneity;
using outthink::reward_deviation;

TEST_CASE("bi_level_reward counts the steps from the first right one on") {
  CHECK(bi_level_reward(std::vector<std::uint8_t>{0, 0, 1, 0, 1}) == 3);
  CHECK(bi_level_reward(std::vector<std::uint8_t>{1}) == 1);
  CHECK(bi_level_reward(std::vector<std::uint8_t>{0, 0}) == 0);
  CHECK(bi_level_reward({}) == 0);
}

TEST_CASE("reward_deviation gives the published values") {
  CHECK(reward_deviation(std::vector<double>{0, 1}) == doctest::Approx(0.5));
  std::vector<double> rare(100);
  rare[17] = 1;
  CHECK(reward_deviation(rare) == doctest::Approx(0.0995).epsilon(1e-4));
  CHECK(reward_deviation(std::vector<double>{3, 3, 3}) == 0);
  CHECK(reward_deviation(std::vector<double>{1e9, 1e9 + 1}) == doctest::Approx(0.5));
  CHECK(std::isnan(reward_deviation({})));
}

TEST_CASE("heterogeneity is the median over problems that have one") {
  CHECK(heterogeneity(std::vector<double>{.5, .1, .2}) == 0.2);
  CHECK(heterogeneity(std::vector<double>{.5, .1, NAN, .25, .2}) == doctest::Approx(0.225));
  CHECK(std::isnan(heterogeneity(std::vector<double>{NAN})));
  CHECK(std::isnan(heterogeneity({})));
}
