// SPDX-License-Identifier: MIT
#include "../support/posterior_fit.hpp"
#include <outthink/core/random_stream.hpp>
#include <outthink/kernels/normal_posterior.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <vector>

using outthink::kernels::normal_draw;
using outthink::kernels::normal_posterior;
using outthink::test::posterior_fit;

TEST_CASE("normal_posterior: two observations give the published posterior, in either order") {
  normal_posterior p, q;
  p.observe(0.5);
  p.observe(0.7);
  q.observe(0.7);
  q.observe(0.5);
  for (const normal_posterior& r : {p, q}) {
    CHECK(r.mean == doctest::Approx(0.4));
    CHECK(r.mean_observations == 3);
    CHECK(r.freedom == 3);
    CHECK(r.variance == doctest::Approx(0.12));
  }
}

TEST_CASE("normal_posterior: one by one is the same as the formula for all at once") {
  outthink::random_stream random({.key = 1, .place = 0});
  for (int n = 0; n <= 67; ++n) {
    normal_posterior posterior{.mean = 0.3, .mean_observations = 2, .freedom = 5, .variance = 0.04};
    long double sum = 0, squares = 0;
    std::vector<long double> values;
    for (int i = 0; i < n; ++i) {
      const double x = random.uniform();
      posterior.observe(x);
      values.push_back(static_cast<long double>(x));
      sum += static_cast<long double>(x);
    }
    const long double mean = n > 0 ? sum / n : 0;
    for (const long double x : values) squares += (x - mean) * (x - mean);
    const long double kappa = 2 + n, nu = 5 + n, off = 0.3L - mean;
    CHECK(posterior.mean ==
          doctest::Approx(static_cast<double>((0.6L + sum) / kappa)).epsilon(1e-13));
    CHECK(
        posterior.variance ==
        doctest::Approx(static_cast<double>((5 * 0.04L + squares + n * 2 * off * off / kappa) / nu))
            .epsilon(1e-13));
  }
}

// Fixed seeds; each draw test is wrong with probability 1e-6.

TEST_CASE("normal_posterior: variances follow the scaled inverse of chi-square") {
  // Two degrees of freedom: P(σ² <= s) = P(χ² >= 2 τ² / s) = e^(-τ² / s). Four: e^-x (1 + x) with
  // x = 2 τ² / s.
  CHECK(posterior_fit(normal_posterior{0, 1, 2, 0.3}, 2,
                      [](const normal_draw& d) { return std::exp(-0.3 / d.variance); }) > 1e-6);
  CHECK(posterior_fit(normal_posterior{0, 1, 4, 0.3}, 3, [](const normal_draw& d) {
          const double x = 2 * 0.3 / d.variance;
          return std::exp(-x) * (1 + x);
        }) > 1e-6);
}

TEST_CASE("normal_posterior: means follow Student's t") {
  // One degree of freedom: Cauchy's distribution, of scale √(τ² / κ). Two: ½ + t / (2 √(2 + t²)).
  CHECK(posterior_fit(normal_posterior{}, 4, [](const normal_draw& d) {
          return 0.5 + std::atan(d.mean / std::sqrt(0.1)) / std::numbers::pi;
        }) > 1e-6);
  CHECK(posterior_fit(normal_posterior{5, 4, 2, 9}, 5, [](const normal_draw& d) {
          const double t = (d.mean - 5) / 1.5;
          return 0.5 + t / (2 * std::sqrt(2 + t * t));
        }) > 1e-6);
}

TEST_CASE("normal_posterior: given the variance the mean is normal") {
  const normal_posterior posterior{1, 3, 7, 0.2};
  CHECK(posterior_fit(posterior, 6, [](const normal_draw& d) {
          return 0.5 * std::erfc(-(d.mean - 1) / std::sqrt(2 * d.variance / 3));
        }) > 1e-6);
}

TEST_CASE("normal_posterior: draws shift and scale with what they are about") {
  for (double u = 0.05; u < 1; u += 0.1)
    for (double v = 0.05; v < 1; v += 0.1) {
      const normal_draw plain = draw(normal_posterior{0, 2, 3, 1}, u, v);
      const normal_draw moved = draw(normal_posterior{8, 2, 3, 16}, u, v);
      CHECK(moved.variance == doctest::Approx(16 * plain.variance).epsilon(1e-13));
      CHECK(moved.mean == doctest::Approx(8 + 4 * plain.mean).epsilon(1e-13));
    }
}

TEST_CASE("normal_posterior: the middle of both uniforms is the middle of the draws") {
  CHECK(draw(normal_posterior{0.25, 1, 1, 0.1}, 0.5, 0.5).mean == 0.25);
  // The median of χ² with one degree of freedom is .4549364.
  CHECK(draw(normal_posterior{}, 0.5, 0.5).variance ==
        doctest::Approx(0.1 / 0.454936423).epsilon(1e-8));
}
