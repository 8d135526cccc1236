// SPDX-License-Identifier: MIT
#include <outthink/kernels/normal_quantile.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using outthink::kernels::normal_quantile;

TEST_CASE("normal_quantile gives the tabulated values") {
  CHECK(normal_quantile(0.975) == doctest::Approx(1.959963984540054).epsilon(1e-14));
  CHECK(normal_quantile(0.8413447460685429) == doctest::Approx(1).epsilon(1e-14));
  CHECK(normal_quantile(0.001) == doctest::Approx(-3.090232306167813).epsilon(1e-14));
  CHECK(normal_quantile(1e-300) == doctest::Approx(-37.0471).epsilon(1e-6));
}

TEST_CASE("normal_quantile inverts the distribution in long double, over all magnitudes") {
  for (double p = 1e-300; p < 0.5; p *= 1.7) {
    const auto x = static_cast<long double>(normal_quantile(p));
    const long double found = 0.5L * std::erfc(-x / std::sqrt(2.0L));
    // An error of 1e-14 (1 + |x|) moves ln p by up to (1 + |x|) times that.
    const long double tolerance = 1e-14L * (1 + std::fabs(x)) * (1 + std::fabs(x));
    CHECK(std::fabs(found / static_cast<long double>(p) - 1) <= tolerance);
  }
}

TEST_CASE("normal_quantile is odd around one half and rises") {
  double before = -std::numeric_limits<double>::infinity();
  for (int i = 1; i < 4096; ++i) {
    const double p = i / 4096.0;  // exact, as is its complement
    CHECK(normal_quantile(p) == -normal_quantile(1 - p));
    CHECK(normal_quantile(p) > before);
    before = normal_quantile(p);
  }
  CHECK(normal_quantile(0.5) == 0);
}

TEST_CASE("normal_quantile of 0 and 1 is infinite, outside and NaN it is NaN") {
  CHECK(normal_quantile(0) == -std::numeric_limits<double>::infinity());
  CHECK(normal_quantile(1) == std::numeric_limits<double>::infinity());
  CHECK(std::isfinite(normal_quantile(1 - 0x1p-53)));
  CHECK(std::isfinite(normal_quantile(4.9e-324)));
  CHECK(std::isnan(normal_quantile(-0.1)));
  CHECK(std::isnan(normal_quantile(1.1)));
  CHECK(std::isnan(normal_quantile(std::numeric_limits<double>::quiet_NaN())));
}
