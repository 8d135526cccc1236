// SPDX-License-Identifier: MIT
#include "../support/chi_square.hpp"
#include "../support/resampling.hpp"
#include <outthink/kernels/multinomial_resampling.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

using outthink::kernels::multinomial_resampling;

namespace {

std::vector<std::uint32_t> resample(const std::vector<double>& weights,
                                    const std::vector<double>& uniforms) {
  std::vector<std::uint32_t> chosen(uniforms.size());
  std::vector<double> scratch(weights.size());
  multinomial_resampling(weights, uniforms, chosen, scratch);
  return chosen;
}

}  // namespace

TEST_CASE("multinomial_resampling inverts the cumulative weights, each draw for itself") {
  outthink::random_stream random({.key = 6, .place = 0});
  for (std::size_t n = 1; n <= 67; ++n) {
    const auto weights = outthink::test::random_weights(random, n);
    const auto uniforms = outthink::test::random_uniforms(random, 2 * n);
    const auto chosen = resample(weights, uniforms);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      CHECK(chosen[i] == outthink::test::inverse_cdf(weights, uniforms[i]));
      CHECK(resample(weights, {uniforms[i]})[0] == chosen[i]);
    }
  }
}

TEST_CASE("multinomial_resampling draws each index as often as it weighs") {
  // One fixed seed, false-alarm probability 1e-6; an index of weight 0 fails at once.
  const std::vector<double> weights{0.1, 0.25, 0, 0.05, 0.6};
  outthink::random_stream random({.key = 7, .place = 0});
  const auto chosen = resample(weights, outthink::test::random_uniforms(random, 100'000));
  CHECK(outthink::test::chi_square_fit(outthink::test::copies_of(chosen, 5), weights) > 1e-6);
}

TEST_CASE("multinomial_resampling never chooses a weight of zero, at either end") {
  const double largest = 1 - 0x1p-53;
  CHECK(resample({0, 3, 0}, {0.0, largest}) == std::vector<std::uint32_t>{1, 1});
  CHECK(resample({0.1, 0.1, 0.1, 0}, {largest})[0] == 2);
  CHECK(resample({0, 0}, {0.5}) == std::vector<std::uint32_t>{0});
  CHECK(resample({1}, {}).empty());
}
