// SPDX-License-Identifier: MIT
#include <outthink/policies/compute_optimal/bin_of.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using outthink::bin_of;

TEST_CASE("bin_of counts the edges that are reached, from the hardest bin") {
  const std::vector<double> edges{0.1, 0.5, 0.5};
  CHECK(bin_of(0.0, edges) == 0);
  CHECK(bin_of(0.1, edges) == 1);
  CHECK(bin_of(0.49, edges) == 1);
  CHECK(bin_of(0.5, edges) == 3);
  CHECK(bin_of(NAN, edges) == 0);
  CHECK(bin_of(0.7, {}) == 0);
}
