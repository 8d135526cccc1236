// SPDX-License-Identifier: MIT
#include "../support/chi_square.hpp"
#include "../support/resampling.hpp"
#include <outthink/kernels/residual_resampling.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

using outthink::kernels::residual_resampling;

namespace {

std::vector<std::uint32_t> resample(const std::vector<double>& weights,
                                    const std::vector<double>& uniforms) {
  std::vector<std::uint32_t> chosen(uniforms.size());
  std::vector<double> scratch(weights.size());
  residual_resampling(weights, uniforms, chosen, scratch);
  return chosen;
}

}  // namespace

TEST_CASE("residual_resampling copies whole shares for certain") {
  CHECK(resample({0.5, 0.25, 0.25}, {0.9, 0.9, 0.9, 0.9}) ==
        std::vector<std::uint32_t>{0, 0, 1, 2});
  // 4 · (.4, .35, .25) = (1.6, 1.4, 1): one each is certain, the fourth is drawn from (.6, .4, 0).
  CHECK(resample({0.4, 0.35, 0.25}, {0.59, 0, 0, 0}) == std::vector<std::uint32_t>{0, 1, 2, 0});
  CHECK(resample({0.4, 0.35, 0.25}, {0.61, 0, 0, 0}) == std::vector<std::uint32_t>{0, 1, 2, 1});
}

TEST_CASE("residual_resampling of equal weights copies each once, for every number of them") {
  for (std::size_t n = 1; n <= 200; ++n) {
    const auto chosen = resample(std::vector<double>(n, 0.1), std::vector<double>(n, 0.5));
    for (std::size_t i = 0; i < n; ++i) CHECK(chosen[i] == i);
  }
}

TEST_CASE("residual_resampling copies at least the floor of a share, and never a zero") {
  outthink::random_stream random({.key = 8, .place = 0});
  for (int round = 0; round < 300; ++round) {
    const auto weights = outthink::test::random_weights(random, 20);
    double total = 0;
    for (const double w : weights) total += w;
    const auto copies = outthink::test::copies_of(
        resample(weights, outthink::test::random_uniforms(random, 50)), 20);
    for (std::size_t j = 0; j < 20; ++j) {
      CHECK(static_cast<double>(copies[j]) >= std::floor(50 * weights[j] / total));
      if (weights[j] == 0) CHECK(copies[j] == 0);
    }
  }
}

TEST_CASE("residual_resampling draws the rest in proportion to the residuals") {
  // One fixed seed, false-alarm probability 1e-6. 5 · (.3, .3, .1, .3) = (1.5, 1.5, .5, 1.5): three
  // are certain, two drawn with equal probability from all.
  const std::vector<double> weights{0.3, 0.3, 0.1, 0.3}, quarters(4, 0.25);
  std::vector<std::uint64_t> seen(4);
  outthink::random_stream random({.key = 9, .place = 0});
  for (int round = 0; round < 40'000; ++round) {
    const auto chosen = resample(weights, outthink::test::random_uniforms(random, 5));
    ++seen[chosen[3]];
    ++seen[chosen[4]];
  }
  CHECK(outthink::test::chi_square_fit(seen, quarters) > 1e-6);
}

TEST_CASE("residual_resampling of nothing chooses nothing, of zeros the first") {
  CHECK(resample({1, 2}, {}).empty());
  CHECK(resample({0, 0}, {0.2, 0.9}) == std::vector<std::uint32_t>{0, 0});
}
