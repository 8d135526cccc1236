// SPDX-License-Identifier: MIT
#include <outthink/kernels/pass_at_k.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

using outthink::kernels::pass_at_k;

namespace {

/// Counts the subsets: binomial coefficients by Pascal's triangle, exact up to 60.
double by_counting(std::uint64_t n, std::uint64_t c, std::uint64_t k) {
  std::vector<std::vector<std::uint64_t>> choose(n + 1, std::vector<std::uint64_t>(n + 1));
  for (std::uint64_t i = 0; i <= n; ++i) {
    choose[i][0] = 1;
    for (std::uint64_t j = 1; j <= i; ++j) choose[i][j] = choose[i - 1][j - 1] + choose[i - 1][j];
  }
  const std::uint64_t all = choose[n][k], none = choose[n - c][k];
  return static_cast<double>(static_cast<long double>(all - none) / static_cast<long double>(all));
}

}  // namespace

TEST_CASE("pass_at_k gives the published values") {
  CHECK(pass_at_k(10, 3, 5) == doctest::Approx(0.9166667).epsilon(1e-7));
  CHECK(pass_at_k(200, 5, 10) == doctest::Approx(0.2282845).epsilon(1e-6));
  CHECK(pass_at_k(10, 3, 1) == doctest::Approx(0.3).epsilon(1e-15));
  CHECK(pass_at_k(5, 1, 2) == doctest::Approx(0.4).epsilon(1e-15));
}

TEST_CASE("pass_at_k counts the subsets with a right sample, for every n up to 60") {
  for (std::uint64_t n = 0; n <= 60; n += n < 20 ? 1 : 10)
    for (std::uint64_t c = 0; c <= n; ++c)
      for (std::uint64_t k = 0; k <= n; ++k) {
        const double expected = by_counting(n, c, k);
        const double tolerance = 4 * 0x1p-53 * static_cast<double>(std::min(c, k) + 1) * expected;
        CHECK(std::fabs(pass_at_k(n, c, k) - expected) <= tolerance);
      }
}

TEST_CASE("pass_at_k stays exact for a million samples") {
  CHECK(pass_at_k(1'000'000, 1, 1) == 1e-6);
  CHECK(pass_at_k(1'000'000, 1, 500'000) == 0.5);
  CHECK(pass_at_k(1'000'000, 500'000, 500'000) == 1);
  // Against the sum of logarithms in long double.
  for (const auto& [c, k] : std::vector<std::pair<std::uint64_t, std::uint64_t>>{
           {3, 7}, {1000, 1000}, {100, 300'000}, {700, 900}, {900'000, 2}}) {
    long double log = 0;
    for (std::uint64_t j = 0; j < k; ++j)
      log += std::log1p(-static_cast<long double>(c) / static_cast<long double>(1'000'000 - j));
    const long double expected = -std::expm1(log);
    CHECK(std::fabs(static_cast<long double>(pass_at_k(1'000'000, c, k)) - expected) <=
          4 * 0x1p-53L * static_cast<long double>(std::min(c, k)) * expected);
  }
}

TEST_CASE("pass_at_k grows with c and with k, which may change places") {
  for (std::uint64_t c = 0; c <= 40; ++c)
    for (std::uint64_t k = 1; k <= 40; ++k) {
      CHECK(pass_at_k(40, c, k) == pass_at_k(40, k, c));
      CHECK(pass_at_k(40, c, k) >= pass_at_k(40, c, k - 1));
    }
}

TEST_CASE(
    "pass_at_k is certain with fewer wrong samples than are drawn, and 0 without a right one") {
  CHECK(pass_at_k(10, 6, 5) == 1);
  CHECK(pass_at_k(10, 0, 10) == 0);
  CHECK(pass_at_k(10, 10, 0) == 0);
  CHECK(pass_at_k(10, 10, 1) == 1);
  CHECK(pass_at_k(0, 0, 0) == 0);
}

TEST_CASE("pass_at_k of more samples than there are is NaN, even with none right") {
  CHECK(std::isnan(pass_at_k(5, 0, 10)));
  CHECK(std::isnan(pass_at_k(5, 6, 1)));
}

TEST_CASE("pass_at_k averages to the truth: the estimate is unbiased") {
  // Over all outcomes of 12 samples, right with probability 0.3: E[pass@4] = 1 - 0.7^4.
  long double mean = 0, choose = 1;
  for (std::uint64_t c = 0; c <= 12; ++c) {
    const auto right = static_cast<long double>(c);
    const long double probability = choose * std::pow(0.3L, right) * std::pow(0.7L, 12 - right);
    mean += probability * static_cast<long double>(pass_at_k(12, c, 4));
    choose = choose * (12 - right) / (right + 1);
  }
  CHECK(static_cast<double>(mean) == doctest::Approx(1 - std::pow(0.7, 4)).epsilon(1e-13));
}
