// SPDX-License-Identifier: MIT
#include <outthink/stopping/best_of_infinity.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

using outthink::best_of_infinity;

// A random estimate from 400,000 draws gives .918 and 33.6.
TEST_CASE("best_of_infinity: the Bayes factor of votes 5 and 1") {
  const best_of_infinity rule;
  const std::array<std::size_t, 2> counts{5, 1};
  CHECK(rule.chance_to_win(counts) == doctest::Approx(0.918).epsilon(0.001));
  CHECK(rule.factor(counts) == doctest::Approx(33.6).epsilon(0.01));
}

// Without unseen answers two Dirichlet shares are a Beta variable: a binomial sum.
TEST_CASE("best_of_infinity: two answers and almost nothing unseen is the Beta criterion") {
  // P(Beta(7, 2) > 1/2) is 247 / 256; the unseen bucket then has a share of Gamma(1): exponential.
  const best_of_infinity rule{.unseen = -0.999999};
  CHECK(rule.chance_to_win(std::array<std::size_t, 2>{6, 1}) ==
        doctest::Approx(247.0 / 256).epsilon(1e-3));
  CHECK(rule.chance_to_win(std::array<std::size_t, 2>{4, 4}) == doctest::Approx(0.5).epsilon(1e-3));
}

TEST_CASE("best_of_infinity: more votes for the leader are more evidence, and equal ones little") {
  const best_of_infinity rule;
  double before = 0;
  for (std::size_t leader = 1; leader < 12; ++leader) {
    const double factor = rule.factor(std::array<std::size_t, 3>{leader, 1, 1});
    CHECK(factor > before);
    before = factor;
  }
  const double p = rule.chance_to_win(std::array<std::size_t, 3>{2, 2, 2});
  CHECK(p < 1.0 / 3);
  CHECK(p > 0.25);
}

TEST_CASE("best_of_infinity stops when its factor is reached, and never without a vote") {
  const std::vector<std::uint32_t> votes{0, 0, 1, 0, 0, 0};
  CHECK(best_of_infinity{.bayes_factor = 33}(votes));
  CHECK_FALSE(best_of_infinity{.bayes_factor = 35}(votes));
  CHECK_FALSE(best_of_infinity{.bayes_factor = 1e-9}({}));
}
