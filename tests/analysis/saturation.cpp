// SPDX-License-Identifier: MIT
#include <outthink/analysis/saturation.hpp>

#include <doctest/doctest.h>

#include <cmath>

using outthink::samples_to_saturation;

TEST_CASE("samples_to_saturation gives the published numbers") {
  CHECK(samples_to_saturation(0.3, 1, 0.01) == 10);
  CHECK(samples_to_saturation(0.3, 0.8, 0.01) == 9);
  CHECK(samples_to_saturation(0.1, 1, 0.01) == 22);
  CHECK(samples_to_saturation(0.05, 1, 0.005) == 45);
}

TEST_CASE("samples_to_saturation is the first number after which one more gains little") {
  for (const double p : {0.01, 0.2, 0.55, 0.99}) {
    for (const double ceiling : {0.3, 1.0}) {
      for (const double least : {0.2, 0.013, 1e-6}) {
        const auto gain = [&](double n) { return ceiling * p * std::pow(1 - p, n); };
        const auto n = static_cast<double>(samples_to_saturation(p, ceiling, least));
        CHECK(gain(n) <= least);
        if (n > 0) CHECK(gain(n - 1) > least);
      }
    }
  }
}

TEST_CASE("samples_to_saturation at the ends of its ranges, and beyond") {
  CHECK(samples_to_saturation(0, 1, 0.01) == 0);
  CHECK(samples_to_saturation(1, 1, 0.01) == 1);
  CHECK(samples_to_saturation(1, 0.5, 0.5) == 0);
  CHECK(samples_to_saturation(0.5, 0, 0.01) == 0);
  CHECK_THROWS_AS(static_cast<void>(samples_to_saturation(0.5, 1, 0)), outthink::error);
  CHECK_THROWS_AS(static_cast<void>(samples_to_saturation(1.1, 1, 0.1)), outthink::error);
  CHECK_THROWS_AS(static_cast<void>(samples_to_saturation(NAN, 1, 0.1)), outthink::error);
}
