// SPDX-License-Identifier: MIT
#include "../support/chi_square.hpp"
#include "../support/resampling.hpp"
#include <outthink/kernels/stratified_resampling.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

using outthink::kernels::stratified_resampling;

TEST_CASE("stratified_resampling takes one point of each stratum of the cumulative weights") {
  outthink::random_stream random({.key = 3, .place = 0});
  for (std::size_t n = 1; n <= 67; ++n) {
    const auto weights = outthink::test::random_weights(random, n);
    for (const std::size_t count : {std::size_t{1}, n, 2 * n + 1}) {
      const auto uniforms = outthink::test::random_uniforms(random, count);
      std::vector<std::uint32_t> chosen(count);
      stratified_resampling(weights, uniforms, chosen);
      for (std::size_t i = 0; i < count; ++i) {
        const double point = (static_cast<double>(i) + uniforms[i]) / static_cast<double>(count);
        CHECK(chosen[i] == outthink::test::inverse_cdf(weights, point));
        CHECK(weights[chosen[i]] > 0);
      }
    }
  }
}

TEST_CASE("stratified_resampling copies an index less than two more or fewer than its share") {
  outthink::random_stream random({.key = 4, .place = 0});
  for (int round = 0; round < 300; ++round) {
    const auto weights = outthink::test::random_weights(random, 20);
    double total = 0;
    for (const double w : weights) total += w;
    std::vector<std::uint32_t> chosen(50);
    stratified_resampling(weights, outthink::test::random_uniforms(random, 50), chosen);
    const auto copies = outthink::test::copies_of(chosen, 20);
    for (std::size_t j = 0; j < 20; ++j)
      CHECK(std::fabs(static_cast<double>(copies[j]) - 50 * weights[j] / total) < 2);
  }
}

TEST_CASE("stratified_resampling draws each index as often as it weighs") {
  // One fixed seed, false-alarm probability 1e-6. Draws of a round are not independent, so only the
  // one of a random stratum counts.
  const std::vector<double> weights{0.1, 0.25, 0.05, 0.6};
  std::vector<std::uint64_t> seen(4);
  outthink::random_stream random({.key = 5, .place = 0});
  for (int round = 0; round < 40'000; ++round) {
    std::vector<std::uint32_t> chosen(5);
    stratified_resampling(weights, outthink::test::random_uniforms(random, 5), chosen);
    ++seen[chosen[random.below(5)]];
  }
  CHECK(outthink::test::chi_square_fit(seen, weights) > 1e-6);
}

TEST_CASE("stratified_resampling of nothing chooses nothing, of zeros the first") {
  std::vector<std::uint32_t> chosen(2, 7);
  stratified_resampling(std::vector<double>{1}, {}, {});
  stratified_resampling(std::vector<double>{0, 0}, std::vector<double>{0.2, 0.9}, chosen);
  CHECK(chosen == std::vector<std::uint32_t>{0, 0});
}
