// SPDX-License-Identifier: MIT
#include <outthink/analysis/plateau_law.hpp>
#include <outthink/analysis/saturation.hpp>
#include <outthink/core/random_stream.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using outthink::fit_plateau_law;
using outthink::plateau_law;

TEST_CASE("plateau_law rises to its ceiling by gains that shrink") {
  const plateau_law law{.p = 0.3, .ceiling = 0.8};
  CHECK(law(0) == 0);
  CHECK(law(1) == doctest::Approx(0.24));
  CHECK(law(2) == doctest::Approx(0.8 * 0.51));
  CHECK(law(1000) == doctest::Approx(0.8));
  for (const double n : {0.0, 1.0, 9.0}) CHECK(law.gain(n) == doctest::Approx(law(n + 1) - law(n)));
  // The published number of samples after which a gain is at most .01.
  CHECK(outthink::samples_to_saturation(law.p, law.ceiling, 0.01) == 9);
  CHECK(law.gain(9) <= 0.01);
  CHECK(law.gain(8) > 0.01);
}

TEST_CASE("plateau_law at the ends of its ranges") {
  const plateau_law sure{.p = 1, .ceiling = 0.7};
  CHECK(sure(0) == 0);
  CHECK(sure(1) == 0.7);
  CHECK(sure.gain(0) == 0.7);
  CHECK(sure.gain(1) == 0);
  const plateau_law never{.p = 0};
  CHECK(never(100) == 0);
  CHECK(never.gain(5) == 0);
  CHECK(plateau_law{.p = 1e-12}(1e6) == doctest::Approx(1e-6).epsilon(1e-6));
}

TEST_CASE("fit_plateau_law finds the law that made the points") {
  for (const plateau_law law : {plateau_law{0.3, 0.8}, plateau_law{0.01, 0.5}, plateau_law{0.9, 1},
                                plateau_law{0.05, 0.99}}) {
    std::vector<double> samples, accuracies;
    for (double n = 1; n <= 256; n *= 2) samples.push_back(n), accuracies.push_back(law(n));
    const plateau_law found = fit_plateau_law(samples, accuracies);
    CHECK(found.p == doctest::Approx(law.p).epsilon(1e-5));
    CHECK(found.ceiling == doctest::Approx(law.ceiling).epsilon(1e-5));
  }
}

// DeepSeek-R1-Distill-Qwen-1.5B on AIME 2024, as published: 30.0 with one sample, 53.3 with 32.
TEST_CASE("fit_plateau_law goes through two points") {
  const std::vector<double> samples{1, 32}, accuracies{0.300, 0.533};
  const plateau_law law = fit_plateau_law(samples, accuracies);
  CHECK(law(1) == doctest::Approx(0.300).epsilon(1e-5));
  CHECK(law(32) == doctest::Approx(0.533).epsilon(1e-5));
  CHECK(law.p == doctest::Approx(0.300 / 0.533).epsilon(1e-4));
}

TEST_CASE("fit_plateau_law is the least sum of squares for points off any law") {
  outthink::random_stream random({.key = 3, .place = 0});
  std::vector<double> samples, accuracies;
  for (double n = 1; n <= 64; n *= 2) {
    samples.push_back(n);
    accuracies.push_back(plateau_law{0.2, 0.6}(n) + 0.1 * random.uniform());
  }
  const auto error = [&](const plateau_law& law) {
    double sum = 0;
    for (std::size_t i = 0; i < samples.size(); ++i)
      sum += std::pow(accuracies[i] - law(samples[i]), 2);
    return sum;
  };
  const plateau_law law = fit_plateau_law(samples, accuracies);
  for (const double p : {-1e-4, 0.0, 1e-4}) {
    for (const double ceiling : {-1e-4, 0.0, 1e-4})
      CHECK(error(law) <= error({law.p + p, law.ceiling + ceiling}));
  }
}

TEST_CASE("fit_plateau_law of failures alone, and of what is no accuracy") {
  const std::vector<double> samples{1, 2}, zeros{0, 0}, same{3, 3}, wrong{0.5, 1.5}, nan{0.5, NAN};
  CHECK(fit_plateau_law(samples, zeros)(100) == 0);
  CHECK_THROWS_AS((void)fit_plateau_law(samples, wrong), outthink::error);
  CHECK_THROWS_AS((void)fit_plateau_law(samples, nan), outthink::error);
  CHECK_THROWS_AS((void)fit_plateau_law(same, zeros), outthink::error);
  CHECK_THROWS_AS((void)fit_plateau_law(zeros, zeros), outthink::error);
  CHECK_THROWS_AS((void)fit_plateau_law(samples, {}), outthink::error);
  CHECK_THROWS_AS((void)fit_plateau_law({}, {}), outthink::error);
}
