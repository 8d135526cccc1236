// SPDX-License-Identifier: MIT
#include "../support/resampling.hpp"
#include <outthink/kernels/systematic_resampling.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

using outthink::kernels::systematic_resampling;

namespace {

std::vector<std::uint32_t> resample(const std::vector<double>& weights, double uniform,
                                    std::size_t count) {
  std::vector<std::uint32_t> chosen(count, 99);
  systematic_resampling(weights, uniform, chosen);
  return chosen;
}

}  // namespace

TEST_CASE("systematic_resampling takes equally spaced points of the cumulative weights") {
  CHECK(resample({1, 2, 1}, 0.0, 4) == std::vector<std::uint32_t>{0, 1, 1, 2});
  CHECK(resample({1, 2, 1}, 0.5, 4) == std::vector<std::uint32_t>{0, 1, 1, 2});
  CHECK(resample({0.5, 0.3, 0.2}, 0.9, 2) == std::vector<std::uint32_t>{0, 2});
  outthink::random_stream random({.key = 1, .place = 0});
  for (std::size_t n = 1; n <= 67; ++n) {
    const auto weights = outthink::test::random_weights(random, n);
    for (const std::size_t count : {std::size_t{1}, n, 2 * n + 1}) {
      const double u = random.uniform();
      const auto chosen = resample(weights, u, count);
      for (std::size_t i = 0; i < count; ++i)
        CHECK(chosen[i] == outthink::test::inverse_cdf(
                               weights, (static_cast<double>(i) + u) / static_cast<double>(count)));
    }
  }
}

TEST_CASE("systematic_resampling copies an index the floor or the ceiling of its share") {
  outthink::random_stream random({.key = 2, .place = 0});
  for (int round = 0; round < 300; ++round) {
    const auto weights = outthink::test::random_weights(random, 20);
    double total = 0;
    for (const double w : weights) total += w;
    const auto copies = outthink::test::copies_of(resample(weights, random.uniform(), 50), 20);
    for (std::size_t j = 0; j < 20; ++j) {
      const double share = 50 * weights[j] / total;
      CHECK(static_cast<double>(copies[j]) >= std::floor(share - 1e-9));
      CHECK(static_cast<double>(copies[j]) <= std::ceil(share + 1e-9));
      if (weights[j] == 0) CHECK(copies[j] == 0);
    }
  }
}

TEST_CASE("systematic_resampling: the mean number of copies over an even grid is the share") {
  // 1000 midpoints: a share is met within 1 / 1000, for the number of copies steps once.
  const std::vector<double> weights{0.13, 0.07, 0.5, 0, 0.3};
  std::vector<double> mean(5);
  for (int g = 0; g < 1000; ++g) {
    const auto copies = outthink::test::copies_of(resample(weights, (g + 0.5) / 1000, 7), 5);
    for (std::size_t j = 0; j < 5; ++j) mean[j] += static_cast<double>(copies[j]) / 1000;
  }
  for (std::size_t j = 0; j < 5; ++j) CHECK(std::fabs(mean[j] - 7 * weights[j]) <= 2e-3);
}

TEST_CASE("systematic_resampling never chooses a weight of zero, at either end") {
  const double largest = 1 - 0x1p-53;
  CHECK(resample({0, 1, 0}, 0.0, 3) == std::vector<std::uint32_t>(3, 1));
  CHECK(resample({0, 1, 0}, largest, 3) == std::vector<std::uint32_t>(3, 1));
  CHECK(resample({0.1, 0.2, 0.7, 0, 0}, largest, 1000).back() == 2);
}

TEST_CASE("systematic_resampling does not care about the unit of the weights") {
  CHECK(resample({1, 2, 3}, 0.25, 6) == resample({0x1p-1000, 0x2p-1000, 0x3p-1000}, 0.25, 6));
}

TEST_CASE("systematic_resampling of nothing chooses nothing, of zeros the first") {
  CHECK(resample({1, 2}, 0.5, 0).empty());
  CHECK(resample({0, 0}, 0.5, 2) == std::vector<std::uint32_t>{0, 0});
  CHECK(resample({}, 0.5, 2) == std::vector<std::uint32_t>{0, 0});
}
