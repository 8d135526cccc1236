// SPDX-License-Identifier: MIT
#include <outthink/analysis/coverage_law.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

using outthink::coverage_law;
using outthink::fit_coverage_law;

// 15.9 % of SWE-bench Lite with one sample, 56 % with 250.
TEST_CASE("fit_coverage_law goes through two published points and predicts between them") {
  const coverage_law law = fit_coverage_law(std::vector{1.0, 250.0}, std::vector{0.159, 0.56});
  CHECK(law.a == doctest::Approx(-1.83885).epsilon(1e-5));
  CHECK(law.b == doctest::Approx(-0.209035).epsilon(1e-5));
  CHECK(law(1) == doctest::Approx(0.159));
  CHECK(law(250) == doctest::Approx(0.56));
  CHECK(law(5) == doctest::Approx(0.2689).epsilon(2e-4));
  CHECK(law(25) == doctest::Approx(0.3913).epsilon(2e-4));
}

TEST_CASE("fit_coverage_law finds the law that made the points, and is near it through noise") {
  const coverage_law law{-2.5, -0.3};
  std::vector<double> samples, exact, noisy;
  std::mt19937 generator(3);
  for (int i = 0; i < 40; ++i) {
    samples.push_back(std::exp(0.2 * i));
    exact.push_back(law(samples.back()));
    noisy.push_back(exact.back() * (0.98 + 0.04 * static_cast<double>(generator()) * 0x1p-32));
    if (noisy.back() >= 1) noisy.back() = 0.999;
  }
  const auto found = fit_coverage_law(samples, exact);
  CHECK(found.a == doctest::Approx(law.a).epsilon(1e-9));
  CHECK(found.b == doctest::Approx(law.b).epsilon(1e-9));
  CHECK(std::abs(fit_coverage_law(samples, noisy).b - law.b) < 0.03);
}

TEST_CASE("fit_coverage_law refuses what no law goes through") {
  const auto fit = [](std::vector<double> samples, std::vector<double> coverages) {
    static_cast<void>(fit_coverage_law(samples, coverages));
  };
  CHECK_THROWS_AS(fit({1}, {0.5}), outthink::error);
  CHECK_THROWS_AS(fit({1, 2}, {0.5}), outthink::error);
  CHECK_THROWS_AS(fit({4, 4}, {0.5, 0.6}), outthink::error);
  CHECK_THROWS_AS(fit({1, 2}, {0.5, 1}), outthink::error);
  CHECK_THROWS_AS(fit({1, 2}, {0, 0.5}), outthink::error);
  CHECK_THROWS_AS(fit({0, 2}, {0.4, 0.5}), outthink::error);
  CHECK_THROWS_AS(fit({1, 2}, {0.4, NAN}), outthink::error);
}
