// SPDX-License-Identifier: MIT
#include <outthink/kernels/gamma_distribution.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>
#include <limits>

using outthink::kernels::gamma_distribution;
using outthink::kernels::log_gamma;

TEST_CASE("log_gamma: factorials, the half, and the recurrence") {
  double factorial = 0;  // ln (n - 1)!
  for (int n = 1; n <= 170; ++n) {
    CHECK(log_gamma(n) == doctest::Approx(factorial).epsilon(3e-14));
    factorial += std::log(n);
  }
  CHECK(log_gamma(0.5) == doctest::Approx(std::log(std::acos(-1.0)) / 2).epsilon(1e-14));
  for (const double x : {1e-3, 0.3, 4.7, 12.25, 900.5}) {
    CHECK(log_gamma(x + 1) - log_gamma(x) == doctest::Approx(std::log(x)).epsilon(1e-11));
  }
}

// A gamma variable of whole shape n is above x as often as a Poisson one of mean x is below n.
TEST_CASE("gamma_distribution of whole shapes is the sum of Poisson probabilities") {
  for (const int shape : {1, 2, 5, 20, 100}) {
    for (const double x : {1e-6, 0.1, 1.0, 3.5, 19.0, 60.0, 130.0}) {
      double term = std::exp(-x), above = 0;
      for (int k = 0; k < shape; ++k) {
        above += term;
        term *= x / (k + 1);
      }
      const auto tails = gamma_distribution(shape, x);
      CHECK(tails.above == doctest::Approx(above).epsilon(1e-12));
      CHECK(tails.below + tails.above == doctest::Approx(1).epsilon(1e-15));
    }
  }
}

TEST_CASE("gamma_distribution of shape one half is the error function") {
  for (const double x : {1e-8, 0.01, 0.4, 1.0, 2.5, 9.0}) {
    const auto tails = gamma_distribution(0.5, x);
    CHECK(tails.below == doctest::Approx(std::erf(std::sqrt(x))).epsilon(1e-13));
    CHECK(tails.above == doctest::Approx(std::erfc(std::sqrt(x))).epsilon(1e-12));
  }
}

TEST_CASE("gamma_distribution at the ends, and where it is none") {
  CHECK(gamma_distribution(2, 0).below == 0);
  CHECK(gamma_distribution(2, std::numeric_limits<double>::infinity()).above == 0);
  for (const auto& tails : {gamma_distribution(0, 1), gamma_distribution(-1, 1),
                            gamma_distribution(1, -1), gamma_distribution(1, std::nan(""))}) {
    CHECK(std::isnan(tails.below));
    CHECK(std::isnan(tails.above));
  }
}
