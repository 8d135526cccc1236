// SPDX-License-Identifier: MIT
#include <outthink/analysis/accuracy_curve.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using outthink::accuracy_at;
using outthink::cost_point;
using outthink::cost_to_reach;

TEST_CASE("accuracy_at goes straight over the logarithm of the cost, and no further") {
  const std::vector<cost_point> curve{{1, .2}, {4, .4}, {64, .8}};
  CHECK(accuracy_at(curve, 1) == .2);
  CHECK(accuracy_at(curve, 64) == .8);
  CHECK(accuracy_at(curve, 2) == doctest::Approx(0.3));
  CHECK(accuracy_at(curve, 16) == doctest::Approx(0.6));
  CHECK(std::isnan(accuracy_at(curve, 0.5)));
  CHECK(std::isnan(accuracy_at(curve, 65)));
  CHECK(std::isnan(accuracy_at(curve, NAN)));
}

TEST_CASE("cost_to_reach is where the curve first gets there") {
  const std::vector<cost_point> curve{{1, .2}, {4, .6}, {16, .4}, {64, .8}};
  CHECK(cost_to_reach(curve, 0.4) == doctest::Approx(2));
  CHECK(cost_to_reach(curve, 0.6) == doctest::Approx(4));
  CHECK(cost_to_reach(curve, 0.7) == doctest::Approx(16 * std::pow(4, 0.75)));
  CHECK(cost_to_reach(curve, 0.1) == 1);
  CHECK(std::isinf(cost_to_reach(curve, 0.81)));
  CHECK(std::isnan(cost_to_reach(curve, NAN)));
  for (const double accuracy : {.25, .5, .61, .79})
    CHECK(accuracy_at(curve, cost_to_reach(curve, accuracy)) == doctest::Approx(accuracy));
}

TEST_CASE("accuracy curves must be sorted, positive and finite") {
  const std::vector<cost_point> bad[] = {
      {},         {{2, .1}, {1, .2}}, {{1, .1}, {1, .2}},       {{0, .1}},
      {{1, NAN}}, {{NAN, .1}},        {{1, .1}, {INFINITY, .2}}};
  for (const auto& curve : bad) {
    CHECK_THROWS_AS((void)accuracy_at(curve, 1), outthink::error);
    CHECK_THROWS_AS((void)cost_to_reach(curve, 0.1), outthink::error);
  }
}
