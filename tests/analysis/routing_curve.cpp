// SPDX-License-Identifier: MIT
#include <outthink/analysis/routing_curve.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <span>
#include <vector>

using outthink::average_gap_recovered;
using outthink::calls_to_recover;
using outthink::cost_point;
using outthink::routing_curve;

TEST_CASE("routing_curve goes from the weak model to the strong one, in the order of the scores") {
  const std::vector<float> scores{.1F, .9F, .5F, .5F};
  const std::vector<double> weak{1, 0, 1, 0}, strong{1, 1, 0, 1};
  const auto curve = routing_curve(scores, weak, strong);
  REQUIRE(curve.size() == 4);
  CHECK(curve[0].cost == 0);
  CHECK(curve[0].accuracy == 0.5);
  CHECK(curve[1].cost == 0.25);
  CHECK(curve[1].accuracy == 0.75);
  CHECK(curve[2].cost == 0.75);  // both of equal score at once
  CHECK(curve[2].accuracy == 0.75);
  CHECK(curve[3].cost == 1);
  CHECK(curve[3].accuracy == 0.75);
  // (.25 · .125 + .75 · .25) / .25
  CHECK(average_gap_recovered(curve) == doctest::Approx(0.875));
  CHECK(calls_to_recover(curve, 0.5) == doctest::Approx(0.125));
  CHECK(calls_to_recover(curve, 1) == doctest::Approx(0.25));
  CHECK(calls_to_recover(curve, 0) == 0);
  CHECK(std::isinf(calls_to_recover(curve, 1.01)));
}

TEST_CASE("a router that knows nothing recovers half of the gap, at half of the calls") {
  const std::vector<float> scores(10, 0.3F);
  std::vector<double> weak(10), strong(10, 1.0);
  weak[3] = 1;
  const auto curve = routing_curve(scores, weak, strong);
  CHECK(curve.size() == 2);
  CHECK(average_gap_recovered(curve) == doctest::Approx(0.5));
  CHECK(calls_to_recover(curve, 0.5) == doctest::Approx(0.5));
  CHECK(calls_to_recover(curve, 0.8) == doctest::Approx(0.8));
}

// With a weak model that is right with .4 and a strong one with .8, each on its own problems, the
// best order gives 48 % to the strong one for a gain, then 44 % for nothing, then 8 % for a loss.
TEST_CASE("an oracle's order recovers more than the whole gap, the opposite order less than none") {
  std::vector<float> best, worst;
  std::vector<double> weak, strong;
  for (int i = 0; i < 100; ++i) {
    weak.push_back(i % 10 < 4 ? 1 : 0);
    strong.push_back(i / 10 < 8 ? 1 : 0);
    best.push_back(static_cast<float>(strong.back() - weak.back()));
    worst.push_back(-best.back());
  }
  const double area = 0.48 * 0.24 + 0.44 * 0.48 + 0.08 * 0.44;  // gain 48, 0, -8 in a hundred
  CHECK(average_gap_recovered(routing_curve(best, weak, strong)) == doctest::Approx(area / 0.4));
  CHECK(average_gap_recovered(routing_curve(worst, weak, strong)) ==
        doctest::Approx(1 - area / 0.4));
}

TEST_CASE("scores of NaN go last, and models that are as good have no gap") {
  const std::vector<float> scores{NAN, 1, NAN, -INFINITY};
  const std::vector<double> weak{0, 0, 0, 0}, strong{1, 0, 1, 0};
  const auto curve = routing_curve(scores, weak, strong);
  REQUIRE(curve.size() == 4);
  CHECK(curve[2].cost == 0.5);
  CHECK(curve[2].accuracy == 0);
  CHECK(curve[3].accuracy == 0.5);
  const auto level = routing_curve(scores, weak, weak);
  CHECK(std::isnan(average_gap_recovered(level)));
  CHECK(std::isnan(calls_to_recover(level, 0.5)));
  CHECK(std::isnan(calls_to_recover(curve, NAN)));
}

TEST_CASE("routing_curve refuses no problem and what does not fit") {
  const std::vector<float> scores{1, 2};
  const std::vector<double> two{1, 0}, one{1};
  CHECK_THROWS_AS((void)routing_curve({}, {}, {}), outthink::error);
  CHECK_THROWS_AS((void)routing_curve(scores, one, two), outthink::error);
  CHECK_THROWS_AS((void)routing_curve(scores, two, one), outthink::error);
  CHECK_THROWS_AS((void)average_gap_recovered({}), outthink::error);
  const std::vector<cost_point> curve{{0, 1}, {1, 2}};
  CHECK_THROWS_AS((void)calls_to_recover(std::span(curve).first(1), 0.5), outthink::error);
}
