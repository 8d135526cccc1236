// SPDX-License-Identifier: MIT
#include <outthink/kernels/log_gamma_quantile.hpp>
#include <outthink/kernels/normal_quantile.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <limits>

using outthink::kernels::log_gamma_quantile;

namespace {

/// P(variable <= e^y) by the power series in long double, started from the standard library's Γ.
long double below(double shape, double y) {
  const auto a = static_cast<long double>(shape), log_x = static_cast<long double>(y);
  const long double x = std::exp(log_x);
  long double term = 1, sum = 1;
  for (int n = 1; n < 100'000 && term > sum * 1e-22L; ++n) sum += term *= x / (a + n);
  return std::exp(a * log_x - x - std::lgamma(a + 1) + std::log(sum));
}

}  // namespace

TEST_CASE("log_gamma_quantile inverts the distribution in long double") {
  for (const double shape : {0.01, 0.1, 0.5, 0.9, 1.0, 1.5, 3.0, 10.0, 50.0, 100.0, 500.0, 999.0}) {
    for (const double p : {1e-100, 1e-12, 1e-6, 0.001, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99}) {
      CAPTURE(shape);
      CAPTURE(p);
      const long double found = below(shape, log_gamma_quantile(shape, p));
      const double smaller = p < 0.5 ? p : 1 - p;
      CHECK(std::fabs(found - static_cast<long double>(p)) <=
            1e-11L * static_cast<long double>(smaller));
    }
  }
}

TEST_CASE(
    "log_gamma_quantile of shape 1 is that of the exponential distribution, far into a tail") {
  for (double q = 0.25; q > 1e-15; q /= 2) {
    CHECK(log_gamma_quantile(1, 1 - q) == doctest::Approx(std::log(-std::log(q))).epsilon(1e-11));
    CHECK(log_gamma_quantile(1, q) == doctest::Approx(std::log(-std::log1p(-q))).epsilon(1e-11));
  }
}

TEST_CASE("log_gamma_quantile of shape one half is the square of a normal variable") {
  for (double p = 0.001; p < 1; p += 0.037) {
    const double z = outthink::kernels::normal_quantile((1 + p) / 2);
    CHECK(std::exp(log_gamma_quantile(0.5, p)) == doctest::Approx(z * z / 2).epsilon(1e-11));
  }
}

TEST_CASE("log_gamma_quantile: large shapes agree with the iteration's distribution to 1e-8") {
  for (const double shape : {1000.0, 3000.0, 20'000.0}) {
    for (const double p : {1e-6, 0.01, 0.2, 0.5, 0.8, 0.99}) {
      const double y = log_gamma_quantile(shape, p);
      const auto wanted = static_cast<long double>(p);
      CHECK(below(shape, y * (1 - 1e-8) - 1e-8) < wanted);
      CHECK(below(shape, y * (1 + 1e-8) + 1e-8) > wanted);
    }
  }
  CHECK(log_gamma_quantile(1e12, 0.5) == doctest::Approx(std::log(1e12)).epsilon(1e-12));
}

TEST_CASE("log_gamma_quantile rises with the probability and with the shape") {
  for (const double shape : {0.02, 0.5, 1.0, 4.0, 80.0, 999.9, 1000.0}) {
    double before = -std::numeric_limits<double>::infinity();
    for (int i = 1; i < 200; ++i) {
      const double y = log_gamma_quantile(shape, i / 200.0);
      CHECK(y > before);
      CHECK(log_gamma_quantile(shape * 1.01, i / 200.0) > y);
      before = y;
    }
  }
}

TEST_CASE("log_gamma_quantile keeps what no double holds: small shapes and probabilities") {
  // Below the series' first term all others vanish: ln(p Γ(a + 1)) / a.
  CHECK(log_gamma_quantile(0.01, 1e-4) ==
        doctest::Approx((std::log(1e-4) + std::lgamma(1.01)) / 0.01).epsilon(1e-12));
  CHECK(std::isfinite(log_gamma_quantile(1e-3, 4.9e-324)));
}

TEST_CASE("log_gamma_quantile at the ends and outside") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(log_gamma_quantile(2, 0) == -infinity);
  CHECK(log_gamma_quantile(2, 1) == infinity);
  CHECK(std::isfinite(log_gamma_quantile(2, 1 - 0x1p-53)));
  CHECK(std::isfinite(log_gamma_quantile(0.5, 1 - 0x1p-53)));
  CHECK(std::isfinite(log_gamma_quantile(500, 1e-300)));
  for (const double bad : {0.0, -1.0, infinity, std::numeric_limits<double>::quiet_NaN()})
    CHECK(std::isnan(log_gamma_quantile(bad, 0.5)));
  for (const double bad : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()})
    CHECK(std::isnan(log_gamma_quantile(1, bad)));
}
