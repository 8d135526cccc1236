// SPDX-License-Identifier: MIT
#include <outthink/kernels/bradley_terry_update.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

using outthink::kernels::bradley_terry_update;

namespace {

double log_likelihood(const std::vector<double>& wins, const std::vector<double>& strengths) {
  const std::size_t n = strengths.size();
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      if (wins[i * n + j] > 0)
        sum += wins[i * n + j] * std::log(strengths[i] / (strengths[i] + strengths[j]));
  return sum;
}

std::vector<double> fit(const std::vector<double>& wins, std::size_t n) {
  std::vector<double> strengths(n, 1), scratch(n);
  for (int i = 0; i < 20'000; ++i)
    if (bradley_terry_update(wins, strengths, scratch) < 1e-14) break;
  return strengths;
}

}  // namespace

TEST_CASE("bradley_terry_update of two candidates finds the ratio of wins") {
  const auto strengths = fit({0, 3, 1, 0}, 2);
  CHECK(strengths[0] == doctest::Approx(1.5));
  CHECK(strengths[1] == doctest::Approx(0.5));
}

TEST_CASE("bradley_terry_update recovers strengths from the results that they make likely") {
  const std::vector<double> truth{0.5, 1.0, 1.5, 0.2, 1.8};  // mean 1
  std::vector<double> wins(25);
  for (std::size_t i = 0; i < 5; ++i)
    for (std::size_t j = 0; j < 5; ++j)
      if (i != j) wins[i * 5 + j] = 100 * truth[i] / (truth[i] + truth[j]);
  const auto strengths = fit(wins, 5);
  for (std::size_t i = 0; i < 5; ++i)
    CHECK(strengths[i] == doctest::Approx(truth[i]).epsilon(1e-9));
}

TEST_CASE("bradley_terry_update never lowers the likelihood and keeps the mean at 1") {
  std::mt19937 generator(1);
  for (std::size_t n = 2; n <= 20; ++n) {
    std::vector<double> wins(n * n), strengths(n, 1), scratch(n);
    for (std::size_t i = 0; i < n * n; ++i)
      wins[i] = i % (n + 1) == 0 ? 1e9 : 0.1 + static_cast<double>(generator() % 5);
    std::vector<double> off_diagonal = wins;
    for (std::size_t i = 0; i < n; ++i) off_diagonal[i * n + i] = 0;
    double before = log_likelihood(off_diagonal, strengths);
    for (int step = 0; step < 30; ++step) {
      bradley_terry_update(wins, strengths, scratch);
      const double after = log_likelihood(off_diagonal, strengths);
      CHECK(after >= before - 1e-12 * std::fabs(before));
      before = after;
      double sum = 0;
      for (const double s : strengths) sum += s;
      CHECK(sum == doctest::Approx(static_cast<double>(n)).epsilon(1e-12));
    }
  }
}

TEST_CASE("bradley_terry_update: no win tends to zero, no match keeps its place, ties are even") {
  const auto strengths = fit({0, 1, 2, 1, 0, 2, 0, 0, 0}, 3);
  CHECK(strengths[2] == 0);
  CHECK(strengths[0] == strengths[1]);
  std::vector<double> alone(3, 1), scratch(3);
  CHECK(bradley_terry_update(std::vector<double>(9, 0), alone, scratch) == 0);
  CHECK(alone == std::vector<double>(3, 1));
  CHECK(bradley_terry_update({}, {}, {}) == 0);
}
