// SPDX-License-Identifier: MIT
#include <outthink/kernels/normalise_log_weights.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <vector>

using outthink::kernels::normalise_log_weights;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<double> weights_of(const std::vector<double>& log_weights, double* log_sum = nullptr) {
  std::vector<double> weights(log_weights.size(), -1);
  const double sum = normalise_log_weights(log_weights, weights);
  if (log_sum != nullptr) *log_sum = sum;
  return weights;
}

double logit(double p) {
  return std::log(p / (1 - p));
}

}  // namespace

TEST_CASE("normalise_log_weights agrees with long double and sums to 1") {
  std::mt19937 generator(1);
  std::normal_distribution<double> normal(0, 20);
  for (std::size_t n = 1; n <= 67; ++n) {
    std::vector<double> logs(n);
    for (double& w : logs) w = normal(generator);
    double log_sum = 0, total = 0;
    const auto weights = weights_of(logs, &log_sum);
    long double sum = 0;
    for (const double w : logs) sum += std::exp(static_cast<long double>(w));
    CHECK(log_sum == doctest::Approx(static_cast<double>(std::log(sum))).epsilon(1e-13));
    for (std::size_t i = 0; i < n; ++i) {
      total += weights[i];
      const long double expected = std::exp(static_cast<long double>(logs[i])) / sum;
      // An exponential of a rounded difference (at most 200), a sum of n and a quotient.
      CHECK(std::fabs(static_cast<long double>(weights[i]) - expected) <=
            4e-16L * static_cast<long double>(n + 200) * expected);
    }
    CHECK(total == doctest::Approx(1).epsilon(1e-14));
  }
}

TEST_CASE("normalise_log_weights of logits weighs by odds") {
  const auto weights = weights_of({logit(0.9), logit(0.5)});
  CHECK(weights[0] == doctest::Approx(0.9));
  CHECK(weights[1] == doctest::Approx(0.1));
}

TEST_CASE("normalise_log_weights neither overflows nor underflows, and shifts do not matter") {
  const auto weights = weights_of({1000, 1001, 999});
  const auto low = weights_of({-1001, -1000, -1002});
  for (std::size_t i = 0; i < 3; ++i) CHECK(weights[i] == low[i]);
  CHECK(weights[1] == doctest::Approx(0.66524096));
  double log_sum = 0;
  CHECK(weights_of({1e30, -1e30}, &log_sum) == std::vector<double>{1, 0});
  CHECK(log_sum == 1e30);
}

TEST_CASE("normalise_log_weights gives no weight to NaN and minus infinity") {
  CHECK(weights_of({kNaN, 3, -kInfinity}) == std::vector<double>{0, 1, 0});
}

TEST_CASE("normalise_log_weights weighs all the same if none counts") {
  for (const double none : {-kInfinity, kNaN}) {
    double log_sum = 0;
    CHECK(weights_of({none, -kInfinity, none, none}, &log_sum) == std::vector<double>(4, 0.25));
    CHECK(log_sum == -kInfinity);
  }
  CHECK(normalise_log_weights({}, {}) == -kInfinity);
}

TEST_CASE("normalise_log_weights lets plus infinities share all") {
  double log_sum = 0;
  CHECK(weights_of({kInfinity, 5, kInfinity, kNaN}, &log_sum) ==
        std::vector<double>{0.5, 0, 0.5, 0});
  CHECK(log_sum == kInfinity);
}

TEST_CASE("normalise_log_weights works in place") {
  std::vector<double> logs{0, std::log(3.0)};
  normalise_log_weights(logs, logs);
  CHECK(logs[0] == doctest::Approx(0.25));
  CHECK(logs[1] == doctest::Approx(0.75));
}
