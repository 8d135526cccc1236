// SPDX-License-Identifier: MIT
#include <outthink/analysis/reliability_bins.hpp>
#include <outthink/core/random_stream.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

using outthink::expected_calibration_error;
using outthink::reliability_bin;
using outthink::reliability_bins;

TEST_CASE("reliability_bins gives each bin's mean prediction and what came of it") {
  const std::vector<float> predicted{0.25F, 0.5F, 0.125F, 0.875F, 1.0F};
  const std::vector<std::uint8_t> right{0, 1, 0, 1, 0};
  const auto bins = reliability_bins(predicted, right, 4);
  REQUIRE(bins.size() == 4);
  CHECK(bins[0].predictions == 2);
  CHECK(bins[0].confidence == 0.1875);
  CHECK(bins[0].accuracy == 0);
  CHECK(bins[1].predictions == 1);
  CHECK(bins[1].confidence == 0.5);
  CHECK(bins[1].accuracy == 1);
  CHECK(bins[2].predictions == 0);
  CHECK(bins[2].confidence == 0);
  CHECK(bins[3].predictions == 2);
  CHECK(bins[3].confidence == 0.9375);
  CHECK(bins[3].accuracy == 0.5);
  // (2 · .1875 + 1 · .5 + 2 · .4375) / 5
  CHECK(expected_calibration_error(bins) == doctest::Approx(0.35));
}

TEST_CASE("reliability_bins takes each bin's upper bound into it, and 0 into the first") {
  std::vector<float> bounds{0};
  for (int b = 1; b <= 10; ++b) bounds.push_back(static_cast<float>(b) / 10);
  const std::vector<std::uint8_t> right(bounds.size());
  const auto bins = reliability_bins(bounds, right, 10);
  CHECK(bins[0].predictions == 2);
  for (std::size_t b = 1; b < 10; ++b) CHECK(bins[b].predictions == 1);
}

// With honest predictions only chance is left: 20 bins of about 5,000 each are off by .0056 at
// most on average, √(2/π) · √(.25 / 5,000); 1.5 times as much is beyond 8 standard errors.
TEST_CASE("expected_calibration_error is near 0 for honest predictions, and finds overconfidence") {
  outthink::random_stream random({.key = 4, .place = 0});
  std::vector<float> honest, doubled;
  std::vector<std::uint8_t> right;
  for (int i = 0; i < 100'000; ++i) {
    const double p = random.uniform();
    right.push_back(random.uniform() < p ? 1 : 0);
    honest.push_back(static_cast<float>(p));
    doubled.push_back(static_cast<float>(std::sqrt(p)));
  }
  CHECK(expected_calibration_error(reliability_bins(honest, right, 20)) < 0.0085);
  // E √p - E p = 2/3 - 1/2
  CHECK(expected_calibration_error(reliability_bins(doubled, right, 20)) ==
        doctest::Approx(1.0 / 6).epsilon(0.03));
}

TEST_CASE("reliability_bins refuses what is no probability; no prediction has no error") {
  const std::vector<std::uint8_t> one{1};
  for (const float wrong : {-0.01F, 1.01F, NAN, INFINITY})
    CHECK_THROWS_AS((void)reliability_bins(std::vector<float>{wrong}, one), outthink::error);
  CHECK_THROWS_AS((void)reliability_bins({}, one), outthink::error);
  CHECK_THROWS_AS((void)reliability_bins(std::vector<float>{1}, one, 0), outthink::error);
  CHECK(std::isnan(expected_calibration_error(reliability_bins({}, {}))));
}
