// SPDX-License-Identifier: MIT
#include <outthink/analysis/cumulative_regret.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using outthink::cumulative_regret;
using outthink::episode_progress;
using outthink::mean_regret;

TEST_CASE("cumulative_regret gives 2 for the published example, and its progress adds up") {
  const std::vector<double> accuracies{.2, .5, .5, .8};
  CHECK(cumulative_regret(accuracies) == doctest::Approx(2.0));
  CHECK(cumulative_regret(accuracies, 0.8) == doctest::Approx(1.2));
  const auto progress = episode_progress(accuracies);
  REQUIRE(progress.size() == 3);
  CHECK(progress[0] == doctest::Approx(0.3));
  CHECK(progress[1] == 0);
  CHECK(progress[2] == doctest::Approx(0.3));
}

TEST_CASE("mean_regret counts each episode by its tokens") {
  const std::vector<double> accuracies{.2, .5, .5, .8}, equal{7, 7, 7, 7}, uneven{30, 0, 0, 10};
  CHECK(mean_regret(accuracies, equal) == doctest::Approx(0.5));
  CHECK(mean_regret(accuracies, uneven) == doctest::Approx((30 * 0.8 + 10 * 0.2) / 40));
}

TEST_CASE("no episode has no regret and no progress") {
  CHECK(cumulative_regret({}) == 0);
  CHECK(episode_progress({}).empty());
  CHECK(episode_progress(std::vector<double>{.4}).empty());
  CHECK(std::isnan(mean_regret({}, {})));
  CHECK_THROWS_AS((void)mean_regret(std::vector<double>{.4}, {}), outthink::error);
}
