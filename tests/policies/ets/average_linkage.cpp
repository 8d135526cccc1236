// SPDX-License-Identifier: MIT
#include <outthink/policies/ets/average_linkage.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

using outthink::average_linkage;
using groups = std::vector<std::uint32_t>;

namespace {

groups of_points(const std::vector<double>& points, double cut) {
  std::vector<double> distances;
  for (const double a : points) {
    for (const double b : points) distances.push_back(std::abs(a - b));
  }
  return average_linkage(distances, points.size(), cut);
}

}  // namespace

TEST_CASE("average_linkage merges what is on average within the cut") {
  CHECK(of_points({0, 10, 1, 11}, 2) == groups{0, 1, 0, 1});
  CHECK(of_points({0, 10, 1, 11}, 0.5) == groups{0, 1, 2, 3});
  CHECK(of_points({0, 10, 1, 11}, 10) == groups{0, 0, 0, 0});
  // {0, 1} is 2.5 from 3 on average: single linkage would merge at 2, complete linkage not at 2.5.
  CHECK(of_points({0, 1, 3}, 2.4) == groups{0, 0, 1});
  CHECK(of_points({0, 1, 3}, 2.5) == groups{0, 0, 0});
  // {0, 1, 3} is (10 + 9 + 7) / 3 from 10: the mean over members, not over the groups merged.
  CHECK(of_points({0, 1, 3, 10}, 8.6) == groups{0, 0, 0, 1});
  CHECK(of_points({0, 1, 3, 10}, 8.7) == groups{0, 0, 0, 0});
}

TEST_CASE("average_linkage: nothing, one, equal ones and distances that are not known") {
  CHECK(of_points({}, 1).empty());
  CHECK(of_points({5}, 1) == groups{0});
  CHECK(of_points({5, 5, 5}, 0) == groups{0, 0, 0});
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  CHECK(average_linkage({0, unknown, unknown, 0}, 2, 100) == groups{0, 1});
}
