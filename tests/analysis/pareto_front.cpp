// SPDX-License-Identifier: MIT
#include <outthink/analysis/pareto_front.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

using outthink::cost_point;
using outthink::pareto_front;

using positions = std::vector<std::size_t>;

TEST_CASE("pareto_front keeps what is more accurate than all that is cheaper, by rising cost") {
  const std::vector<cost_point> points{{4, .6}, {1, .3}, {2, .5}, {3, .4}, {8, .6}, {2, .2}};
  CHECK(pareto_front(points) == positions{1, 2, 0});
  CHECK(pareto_front({}).empty());
}

TEST_CASE("pareto_front takes the first of equal points, and leaves out NaN") {
  const std::vector<cost_point> points{{2, .5}, {2, NAN}, {1, NAN}, {NAN, 1}, {2, .5}, {2, .7}};
  CHECK(pareto_front(points) == positions{5});
  const std::vector<cost_point> equal{{1, NAN}, {1, .5}, {1, .5}};
  CHECK(pareto_front(equal) == positions{1});
}

TEST_CASE("a point is on the front where no other is as good in both and better in one") {
  std::mt19937 generator(5);
  for (int round = 0; round < 200; ++round) {
    std::vector<cost_point> points;
    for (int i = 0; i < 12; ++i)
      points.push_back(
          {static_cast<double>(generator() % 6), static_cast<double>(generator() % 6)});
    std::vector<bool> on_front(points.size());
    for (const std::size_t i : pareto_front(points)) on_front[i] = true;
    for (std::size_t i = 0; i < points.size(); ++i) {
      bool beaten = false;
      for (std::size_t j = 0; j < points.size(); ++j) {
        const bool as_good =
            points[j].cost <= points[i].cost && points[j].accuracy >= points[i].accuracy;
        const bool equal =
            points[j].cost == points[i].cost && points[j].accuracy == points[i].accuracy;
        beaten = beaten || (as_good && (!equal || j < i));
      }
      CHECK(on_front[i] == !beaten);
    }
  }
}
