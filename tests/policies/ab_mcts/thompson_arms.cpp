// SPDX-License-Identifier: MIT
#include "../../support/chi_square.hpp"
#include <outthink/kernels/beta_posterior.hpp>
#include <outthink/policies/ab_mcts/thompson_arms.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

using outthink::random_stream;
using outthink::thompson_arms;
using outthink::kernels::beta_posterior;
using outthink::kernels::normal_draw;
using outthink::kernels::normal_posterior;

namespace {

double mean_of(double drawn) {
  return drawn;
}
double mean_of(const normal_draw& drawn) {
  return drawn.mean;
}

/// Probability of a difference at least as large as that between two samples of choices, if they
/// are alike. Arms that were hardly chosen are one cell together.
double alike(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  double statistic = 0, rare_a = 0, rare_b = 0, cells = 0;
  const auto add = [&](double x, double y) {
    if (x + y > 0) statistic += (x - y) * (x - y) / (x + y), ++cells;
  };
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto x = static_cast<double>(a[i]), y = static_cast<double>(b[i]);
    if (x + y >= 20)
      add(x, y);
    else
      rare_a += x, rare_b += y;
  }
  add(rare_a, rare_b);
  return outthink::test::chi_square_tail(statistic, cells - 1);
}

/// Compares `choose` with a draw from every posterior by quantiles.
template <class Posterior>
double agreement(thompson_arms<Posterior> arms, int choices) {
  random_stream random({1, 2}), other({3, 4});
  std::vector<std::uint64_t> chosen(arms.size()), expected(arms.size());
  for (int n = 0; n < choices; ++n) {
    ++chosen[arms.choose(random)];
    std::size_t best = 0;
    double largest = -HUGE_VAL;
    for (std::size_t i = 0; i < arms.size(); ++i) {
      const double u = other.uniform() + 0x1p-54, v = other.uniform() + 0x1p-54;
      const double worth = mean_of(draw(arms[i], u, v));
      if (worth > largest) best = i, largest = worth;
    }
    ++expected[best];
  }
  return alike(chosen, expected);
}

template <class Posterior>
thompson_arms<Posterior> some_arms(std::size_t count, std::size_t most_observations) {
  random_stream random({5, count});
  thompson_arms<Posterior> arms;
  for (std::size_t i = 0; i < count; ++i) {
    arms.add(Posterior{});
    const double mean = random.uniform();
    const std::size_t observations = 1 + i * i * most_observations / (count * count);
    for (std::size_t n = 0; n < observations; ++n) {
      arms.observe(i, 0.8 * mean + 0.2 * random.uniform());
    }
  }
  return arms;
}

}  // namespace

// False alarm: 1 in a million each, and the seeds are fixed.
TEST_CASE("thompson_arms chooses as a draw from every posterior does") {
  CHECK(agreement(some_arms<normal_posterior>(1, 1), 10) > 0);
  CHECK(agreement(some_arms<normal_posterior>(5, 10), 8000) > 1e-6);
  CHECK(agreement(some_arms<normal_posterior>(24, 40), 4000) > 1e-6);
  CHECK(agreement(some_arms<beta_posterior>(5, 10), 4000) > 1e-6);
}

TEST_CASE("thompson_arms: of many arms those left out do not matter") {
  CHECK(agreement(some_arms<normal_posterior>(25, 1), 6000) > 1e-6);    // one observation each
  CHECK(agreement(some_arms<normal_posterior>(40, 400), 6000) > 1e-6);  // 1 to 400
  CHECK(agreement(some_arms<normal_posterior>(100, 20), 4000) > 1e-6);
}

TEST_CASE("thompson_arms: whether a draw exceeds a level is what the draw itself says") {
  for (const int observations : {0, 1, 2, 3, 4, 9, 40, 300}) {
    normal_posterior belief;
    random_stream values({7, 8});
    for (int i = 0; i < observations; ++i) belief.observe(values.uniform());
    random_stream random({1, 2}), same({1, 2}), levels({3, 4});
    for (int i = 0; i < 2000; ++i) {
      const double level = 2 * levels.uniform() - 0.5;
      const bool exceeds = thompson_arms<normal_posterior>::exceeds(belief, level, random);
      REQUIRE(exceeds == (thompson_arms<normal_posterior>::drawn(belief, same) > level));
    }
    CHECK(random.next() == same.next());
  }
}

TEST_CASE("thompson_arms: a draw of one has mean and spread of its posterior") {
  // ν = 12 degrees of freedom: variance of T 12 / 10. 40,000 draws, 5 standard errors.
  normal_posterior belief;
  for (int i = 0; i < 11; ++i) belief.observe(i % 2 == 0 ? 0.4 : 0.8);
  random_stream random({1, 2});
  double sum = 0, squares = 0;
  constexpr int kDraws = 40'000;
  for (int i = 0; i < kDraws; ++i) {
    const double drawn = thompson_arms<normal_posterior>::drawn(belief, random) - belief.mean;
    sum += drawn;
    squares += drawn * drawn;
  }
  const double variance = belief.variance / belief.mean_observations * 12 / 10;
  CHECK(std::abs(sum / kDraws) < 5 * std::sqrt(variance / kDraws));
  // Kurtosis of T: 3 + 6 / (12 - 4).
  CHECK(std::abs(squares / kDraws / variance - 1) < 5 * std::sqrt(2.75 / kDraws));
}
