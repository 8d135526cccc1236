// SPDX-License-Identifier: MIT
#include "../support/posterior_fit.hpp"
#include <outthink/core/random_stream.hpp>
#include <outthink/kernels/beta_posterior.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <numbers>
#include <vector>

using outthink::kernels::beta_posterior;
using outthink::test::posterior_fit;

// Fixed seeds; each draw test is wrong with probability 1e-6.

TEST_CASE("beta_posterior: Jeffreys' prior draws from the arcsine distribution") {
  CHECK(posterior_fit(beta_posterior{}, 1, [](double x) {
          return 2 / std::numbers::pi * std::asin(std::sqrt(x));
        }) > 1e-6);
}

TEST_CASE("beta_posterior: draws follow the distribution where it is a polynomial") {
  CHECK(posterior_fit(beta_posterior{1, 1}, 2, [](double x) { return x; }) > 1e-6);
  CHECK(posterior_fit(beta_posterior{2, 3}, 3,
                      [](double x) { return x * x * (6 - 8 * x + 3 * x * x); }) > 1e-6);
  CHECK(posterior_fit(beta_posterior{1, 60}, 4, [](double x) { return 1 - std::pow(1 - x, 60); }) >
        1e-6);
  CHECK(posterior_fit(beta_posterior{0.05, 1}, 5, [](double x) { return std::pow(x, 0.05); }) >
        1e-6);
}

TEST_CASE("beta_posterior: observations add up, parts of a success count as parts") {
  beta_posterior posterior;
  posterior.observe(1);
  posterior.observe(0.25);
  CHECK(posterior.successes == 1.75);
  CHECK(posterior.failures == 1.25);
  CHECK(posterior.mean() == doctest::Approx(1.75 / 3));
}

TEST_CASE("beta_posterior: many observations leave little doubt") {
  outthink::random_stream random({.key = 6, .place = 0});
  for (int i = 0; i < 100; ++i) {
    const double p =
        draw(beta_posterior{3e6, 1e6}, random.uniform() + 0x1p-54, random.uniform() + 0x1p-54);
    CHECK(std::fabs(p - 0.75) < 6 * std::sqrt(0.75 * 0.25 / 4e6));  // six deviations
  }
}

TEST_CASE("beta_posterior: a draw rises with u, falls with v, and stays within [0, 1]") {
  for (const beta_posterior& posterior : {beta_posterior{}, beta_posterior{1e-3, 1e-3},
                                          beta_posterior{1e5, 0.5}, beta_posterior{2, 3}}) {
    double before = -1;
    for (double u = 0.01; u < 1; u += 0.01) {
      const double p = draw(posterior, u, 0.3);
      CHECK(p >= before);
      CHECK(p <= 1);
      CHECK(draw(posterior, u, 0.31) <= p);
      before = p;
    }
    CHECK(draw(posterior, 1e-300, 1 - 0x1p-53) >= 0);
    CHECK(draw(posterior, 1 - 0x1p-53, 1e-300) <= 1);
  }
}
