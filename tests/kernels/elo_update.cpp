// SPDX-License-Identifier: MIT
#include <outthink/kernels/elo_update.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

using outthink::kernels::elo_expectation;
using outthink::kernels::elo_update;
using outthink::kernels::match;

TEST_CASE("elo_update moves both ratings by k times the surprise") {
  std::vector<double> ratings{1200, 1200};
  elo_update(ratings, std::vector<match>{{0, 1, 1.0F}});
  CHECK(ratings == std::vector<double>{1216, 1184});
  ratings = {1200, 1300};
  elo_update(ratings, std::vector<match>{{0, 1, 1.0F}});
  CHECK(ratings[0] == doctest::Approx(1220.482).epsilon(1e-7));
  CHECK(ratings[1] == doctest::Approx(1279.518).epsilon(1e-7));
}

TEST_CASE("elo_update: a draw of equals changes nothing, k scales the gain") {
  std::vector<double> ratings{1500, 1500};
  elo_update(ratings, std::vector<match>{{0, 1, 0.5F}});
  CHECK(ratings == std::vector<double>{1500, 1500});
  elo_update(ratings, std::vector<match>{{1, 0, 0.0F}}, 10);
  CHECK(ratings == std::vector<double>{1505, 1495});
  elo_update(ratings, {});
  CHECK(ratings == std::vector<double>{1505, 1495});
}

TEST_CASE("elo_update keeps the sum of ratings") {
  // Two roundings of at most half an ulp of 2048 (2⁻⁴³ each) for every match.
  std::mt19937 generator(1);
  std::vector<double> ratings(20, 1200);
  for (int i = 0; i < 5000; ++i) {
    const auto a = static_cast<std::uint32_t>(generator() % 20);
    const auto b = static_cast<std::uint32_t>((a + 1 + generator() % 19) % 20);
    elo_update(ratings, std::vector<match>{{a, b, static_cast<float>(generator() % 3) / 2}});
  }
  const double sum = std::accumulate(ratings.begin(), ratings.end(), 0.0);
  CHECK(std::fabs(sum - 20 * 1200) <= 5000 * 0x1p-42);
}

TEST_CASE("elo_update ranks candidates whose better one always wins by strength") {
  std::mt19937 generator(2);
  std::vector<double> ratings(12, 1200);
  for (int i = 0; i < 4000; ++i) {
    const auto a = static_cast<std::uint32_t>(generator() % 12);
    const auto b = static_cast<std::uint32_t>((a + 1 + generator() % 11) % 12);
    elo_update(ratings, std::vector<match>{{a, b, a > b ? 1.0F : 0.0F}});
  }
  CHECK(std::is_sorted(ratings.begin(), ratings.end()));
}

TEST_CASE("elo_expectation is symmetric, shift-invariant, and saturates without overflow") {
  CHECK(elo_expectation(1200, 1200) == 0.5);
  CHECK(elo_expectation(1600, 1200) == doctest::Approx(10.0 / 11));
  for (double d = -3000; d <= 3000; d += 37) {
    CHECK(elo_expectation(d, 0) + elo_expectation(0, d) == doctest::Approx(1));
    CHECK(elo_expectation(d, 0) == elo_expectation(d + 1024, 1024));
  }
  CHECK(elo_expectation(1e30, -1e30) == 1);
  CHECK(elo_expectation(-1e30, 1e30) == 0);
}
