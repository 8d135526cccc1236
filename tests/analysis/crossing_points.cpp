// SPDX-License-Identifier: MIT
#include <outthink/analysis/crossing_points.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

using outthink::accuracy_at;
using outthink::cost_point;
using outthink::crossing_points;

using curve = std::vector<cost_point>;

TEST_CASE("crossing_points finds where one strategy overtakes the other, and who leads then") {
  const curve beam{{1, .4}, {256, .5}}, best_of_n{{1, .2}, {256, .7}};
  const auto crossings = crossing_points(beam, best_of_n);
  REQUIRE(crossings.size() == 1);
  CHECK(crossings[0].cost == doctest::Approx(16));
  CHECK(crossings[0].second_leads);
  const auto swapped = crossing_points(best_of_n, beam);
  REQUIRE(swapped.size() == 1);
  CHECK(swapped[0].cost == doctest::Approx(16));
  CHECK_FALSE(swapped[0].second_leads);
}

TEST_CASE("crossing_points of curves that were measured at different costs") {
  const curve first{{1, .5}, {4, .5}, {100, .5}}, second{{2, .1}, {8, .9}, {32, .1}, {64, .1}};
  const auto crossings = crossing_points(first, second);
  REQUIRE(crossings.size() == 2);
  CHECK(crossings[0].cost == doctest::Approx(4));
  CHECK(crossings[0].second_leads);
  CHECK(crossings[1].cost == doctest::Approx(16));
  CHECK_FALSE(crossings[1].second_leads);
}

TEST_CASE("curves that touch do not cross, and level ones cross where they part") {
  const curve flat{{1, .5}, {16, .5}};
  CHECK(crossing_points(flat, flat).empty());
  CHECK(crossing_points(flat, curve{{1, .2}, {4, .5}, {16, .2}}).empty());
  CHECK(crossing_points(flat, curve{{1, .5}, {4, .5}, {16, .7}}).empty());
  const auto late = crossing_points(flat, curve{{1, .2}, {2, .5}, {4, .5}, {16, .9}});
  REQUIRE(late.size() == 1);
  CHECK(late[0].cost == doctest::Approx(4));
  CHECK(late[0].second_leads);
}

TEST_CASE("curves without common costs do not cross") {
  CHECK(crossing_points(curve{{1, .1}, {2, .9}}, curve{{3, .9}, {4, .1}}).empty());
  CHECK(crossing_points(curve{{1, .1}, {2, .9}}, curve{{2, .1}, {4, .2}}).empty());
  CHECK_THROWS_AS((void)crossing_points({}, curve{{1, .1}}), outthink::error);
}

TEST_CASE("at every crossing both strategies are level, and the lead changes there alone") {
  std::mt19937 generator(11);
  const auto drawn = [&] {
    curve made;
    for (double cost = 1; cost < 300; cost *= 1.5 + static_cast<double>(generator() % 4))
      made.push_back({cost, static_cast<double>(generator() % 1000) / 1000});
    return made;
  };
  for (int round = 0; round < 100; ++round) {
    const curve first = drawn(), second = drawn();
    const double end = std::fmin(first.back().cost, second.back().cost);
    auto crossings = crossing_points(first, second);
    for (const auto& one : crossings)
      CHECK(accuracy_at(first, one.cost) == doctest::Approx(accuracy_at(second, one.cost)));
    crossings.push_back({end, false});
    double from = 1;
    for (const auto& one : crossings) {
      const bool leads = accuracy_at(second, std::sqrt(from * one.cost)) >
                         accuracy_at(first, std::sqrt(from * one.cost));
      for (int i = 1; i < 20; ++i) {
        const double cost = from * std::pow(one.cost / from, i / 20.0);
        CHECK((accuracy_at(second, cost) > accuracy_at(first, cost)) == leads);
      }
      if (one.cost != end) CHECK(one.second_leads == !leads);
      from = one.cost;
    }
  }
}
