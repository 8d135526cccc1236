// SPDX-License-Identifier: MIT
#include <outthink/analysis/direct_coverage.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>

using outthink::direct_coverage_factor;
using outthink::direct_coverage_loss;

TEST_CASE("direct_coverage_factor gives the published values") {
  CHECK(direct_coverage_factor(0.01, 16) == doctest::Approx(0.9264).epsilon(1e-4));
  CHECK(direct_coverage_factor(0.1, 16) == doctest::Approx(0.40435).epsilon(1e-5));
  CHECK(direct_coverage_factor(0.5, 16) == doctest::Approx(2.44e-4).epsilon(2e-3));
  CHECK(direct_coverage_factor(0.1, 256) == doctest::Approx(5.5e-11).epsilon(1e-2));
}

TEST_CASE("direct_coverage_factor is the ratio of the slopes of the two losses") {
  for (const double n : {1.0, 2.0, 16.0}) {
    for (const double p : {0.02, 0.2, 0.7}) {
      const double step = 1e-6 * p;
      const auto slope = [&](double of) {
        return (direct_coverage_loss(p + step, of) - direct_coverage_loss(p - step, of)) /
               (2 * step);
      };
      CHECK(direct_coverage_factor(p, n) == doctest::Approx(slope(n) / slope(1)).epsilon(1e-5));
    }
  }
}

TEST_CASE("direct coverage for tiny probabilities, and at both ends") {
  CHECK(direct_coverage_loss(1e-300, 8) == doctest::Approx(-std::log(8e-300)));
  CHECK(direct_coverage_factor(1e-300, 8) == doctest::Approx(1));
  CHECK(direct_coverage_factor(0, 8) == 1);
  CHECK(direct_coverage_factor(1, 8) == 0);
  CHECK(direct_coverage_factor(1, 1) == 1);
  CHECK(direct_coverage_loss(1, 8) == 0);
  CHECK(std::isinf(direct_coverage_loss(0, 8)));
  CHECK(direct_coverage_loss(0.3, 1) == doctest::Approx(-std::log(0.3)));
}
