// SPDX-License-Identifier: MIT
#include <outthink/analysis/expected_best_of_k.hpp>
#include <outthink/kernels/pass_at_k.hpp>

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <vector>

using outthink::expected_best_of_k;

namespace {

// Every subset of k, the best of it, the mean over those with the best score.
double by_enumeration(const std::vector<float>& scores, const std::vector<double>& values,
                      std::size_t k) {
  double sum = 0;
  int subsets = 0;
  for (unsigned subset = 0; subset < 1U << scores.size(); ++subset) {
    if (std::popcount(subset) != static_cast<int>(k)) continue;
    float best = -std::numeric_limits<float>::infinity();
    double value = 0, count = 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if ((subset >> i & 1) == 0 || scores[i] < best) continue;
      if (scores[i] > best) value = count = 0;
      best = scores[i];
      value += values[i];
      ++count;
    }
    sum += value / count;
    ++subsets;
  }
  return sum / subsets;
}

}  // namespace

TEST_CASE("expected_best_of_k gives .5 for the published example") {
  const std::vector<float> scores{5, 4, 3, 2, 1};
  const std::vector<double> right{0, 1, 1, 0, 1};
  CHECK(expected_best_of_k(scores, right, 2) == doctest::Approx(0.5));
}

TEST_CASE("expected_best_of_k is the mean over all subsets, without ties") {
  std::mt19937 generator(8);
  for (std::size_t n = 1; n <= 9; ++n) {
    std::vector<float> scores;
    std::vector<double> values;
    for (std::size_t i = 0; i < n; ++i) {
      scores.push_back(static_cast<float>(generator()));
      values.push_back(static_cast<double>(generator() % 10));
    }
    for (std::size_t k = 1; k <= n; ++k)
      CHECK(expected_best_of_k(scores, values, k) ==
            doctest::Approx(by_enumeration(scores, values, k)).epsilon(1e-12));
  }
}

// Broken at random, a tie among the samples is one among those of the subset that have its best.
TEST_CASE("expected_best_of_k is the mean over all subsets, with ties") {
  std::mt19937 generator(9);
  for (int round = 0; round < 50; ++round) {
    std::vector<float> scores;
    std::vector<double> values;
    for (std::size_t i = 0; i < 8; ++i) {
      scores.push_back(static_cast<float>(generator() % 3));
      values.push_back(static_cast<double>(generator() % 2));
    }
    for (std::size_t k = 1; k <= 8; ++k)
      CHECK(expected_best_of_k(scores, values, k) ==
            doctest::Approx(by_enumeration(scores, values, k)).epsilon(1e-12));
  }
}

TEST_CASE(
    "expected_best_of_k with scores that know the truth is pass@k, and scales to many samples") {
  for (const std::size_t n : {10U, 1000U, 100'000U}) {
    std::vector<float> scores(n);
    for (std::size_t i = 0; i < n; i += 5) scores[i] = 1;
    const std::vector<double> right(scores.begin(), scores.end());
    for (const std::size_t k : {std::size_t{1}, n / 10, n / 2, n})
      CHECK(expected_best_of_k(scores, right, k) ==
            doctest::Approx(outthink::kernels::pass_at_k(n, n / 5, k)).epsilon(1e-9));
  }
}

TEST_CASE("expected_best_of_k ranks NaN lowest and refuses what it cannot answer") {
  const std::vector<float> scores{NAN, 1, NAN};
  const std::vector<double> right{1, 0, 0};
  CHECK(expected_best_of_k(scores, right, 3) == 0);
  CHECK(expected_best_of_k(scores, right, 1) == doctest::Approx(1.0 / 3));
  CHECK(expected_best_of_k(scores, right, 2) == doctest::Approx(1.0 / 6));
  CHECK_THROWS_AS(static_cast<void>(expected_best_of_k(scores, right, 0)), outthink::error);
  CHECK_THROWS_AS(static_cast<void>(expected_best_of_k(scores, right, 4)), outthink::error);
  CHECK_THROWS_AS(static_cast<void>(expected_best_of_k(scores, {}, 1)), outthink::error);
}
