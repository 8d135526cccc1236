// SPDX-License-Identifier: MIT
#include "simd/each_target.hpp"
#include <outthink/kernels/sliding_mean.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace {

std::vector<float> means_of(const std::vector<float>& values, std::size_t window) {
  const std::size_t count = values.size() < window ? 0 : values.size() - window + 1;
  std::vector<float> means(count + 1, 7.0F);
  std::vector<double> scratch(window + 1, 9.0);
  outthink::kernels::sliding_mean(values, window, {means.data(), count}, {scratch.data(), window});
  CHECK(means.back() == 7.0F);
  CHECK(scratch.back() == 9.0);
  means.pop_back();
  return means;
}

/// One rounding to float and a relative 2⁻⁵³ for every addition to a sum of magnitudes.
void check_means(const std::vector<float>& values, std::size_t window) {
  const auto means = means_of(values, window);
  REQUIRE(means.size() == (values.size() < window ? 0 : values.size() - window + 1));
  for (std::size_t i = 0; i < means.size(); ++i) {
    long double sum = 0, magnitude = 0;
    for (std::size_t j = i; j < i + window; ++j) {
      sum += static_cast<long double>(values[j]);
      magnitude += std::fabs(static_cast<long double>(values[j]));
    }
    const auto n = static_cast<long double>(window);
    const long double tolerance =
        0x1p-24L * std::fabs(sum / n) + n * 0x1p-53L * magnitude / n + 0x1p-150L;
    REQUIRE(std::fabs(static_cast<long double>(means[i]) - sum / n) <= tolerance);
  }
}

}  // namespace

TEST_CASE("sliding_mean is the mean of every window, for all small sizes and windows") {
  for (std::size_t size = 0; size <= 67; ++size) {
    const auto values = outthink::test::random_floats(size, static_cast<unsigned>(size));
    for (std::size_t window = 1; window <= size + 1; ++window) check_means(values, window);
  }
}

TEST_CASE("sliding_mean of long values") {
  const auto values = outthink::test::random_floats(3000, 5);
  for (const std::size_t window : {1U, 2U, 100U, 1499U, 1500U, 1501U, 2048U, 2999U, 3000U})
    check_means(values, window);
}

TEST_CASE("sliding_mean gives the group confidences of the paper's definition") {
  const std::vector<float> confidences{3, 1, 1, 5};
  CHECK(means_of(confidences, 2) == std::vector<float>{2, 1, 3});
}

TEST_CASE("sliding_mean forgets what left the window: values of 1e30, infinity and NaN") {
  for (const float odd : {1e30F, -1e30F, std::numeric_limits<float>::infinity(),
                          std::numeric_limits<float>::quiet_NaN()}) {
    std::vector<float> values(40, 0.25F);
    values[11] = odd;
    const auto means = means_of(values, 8);
    for (std::size_t i = 0; i < means.size(); ++i) {
      const bool inside = i <= 11 && 11 < i + 8;
      CHECK((means[i] == 0.25F) != inside);
      if (inside && std::isnan(odd)) CHECK(std::isnan(means[i]));
      if (inside && std::isinf(odd)) CHECK(means[i] == odd);
    }
  }
}

TEST_CASE("sliding_mean of shifted values is the shifted mean") {
  std::vector<float> values(100);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 13);
  const auto before = means_of(values, 16);
  for (float& x : values) x += 32;
  const auto after = means_of(values, 16);
  for (std::size_t i = 0; i < before.size(); ++i) CHECK(after[i] == before[i] + 32);
}

TEST_CASE("sliding_mean of denormals is exact up to their spacing") {
  check_means(std::vector<float>(50, 3e-45F), 7);
}
