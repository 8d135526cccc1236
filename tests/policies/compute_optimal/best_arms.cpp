// SPDX-License-Identifier: MIT
#include <outthink/policies/compute_optimal/best_arms.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <vector>

using outthink::arm_trial;
using outthink::best_arms;

TEST_CASE("best_arms takes the best mean of each bin, of equal ones the earlier") {
  const std::vector<arm_trial> trials{{0, 0, 1},  {0, 0, 0},  {0, 1, 1},
                                      {1, 0, .5}, {1, 1, .5}, {2, 2, -1}};
  CHECK(best_arms(trials, 4, 3) == std::vector<std::size_t>{1, 0, 2, 1});
  CHECK(best_arms({}, 2, 2) == std::vector<std::size_t>{0, 0});
  CHECK_THROWS_AS((void)best_arms(trials, 2, 3), outthink::error);
  CHECK_THROWS_AS((void)best_arms(trials, 4, 2), outthink::error);
}
