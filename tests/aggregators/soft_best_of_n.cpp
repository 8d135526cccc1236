// SPDX-License-Identifier: MIT
#include "../support/vote.hpp"
#include <outthink/aggregators/soft_best_of_n.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

using outthink::candidate;
using outthink::outcome;
using outthink::soft_best_of_n;
using outthink::test::voter;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

const std::vector<candidate> two{voter("a", {1}), voter("b", {0})};

/// Share of seeds with which the first candidate is drawn.
double share_of_first(float temperature, int seeds) {
  int first = 0;
  for (int seed = 0; seed < seeds; ++seed) {
    const soft_best_of_n draw{.temperature = temperature, .seed = static_cast<std::uint64_t>(seed)};
    first += draw(two).chosen == 0;
  }
  return static_cast<double>(first) / seeds;
}

}  // namespace

static_assert(outthink::aggregator<soft_best_of_n>);

TEST_CASE("soft_best_of_n gives each solution the published probability") {
  const auto probability_of_first = [](float temperature) {
    const auto made = soft_best_of_n{.temperature = temperature}(two);
    return made.chosen == 0 ? made.confidence : 1 - made.confidence;
  };
  CHECK(std::abs(probability_of_first(1) - .731059) < 5e-7);
  CHECK(std::abs(probability_of_first(.5F) - .880797) < 5e-7);
}

// 20,000 seeds: five standard deviations, a false alarm in 1.7 million choices of seeds.
TEST_CASE("soft_best_of_n draws as often as its probabilities say") {
  CHECK(std::abs(share_of_first(1, 20'000) - .731059) < 5 * std::sqrt(.7311 * .2689 / 20'000));
  CHECK(std::abs(share_of_first(.5F, 20'000) - .880797) < 5 * std::sqrt(.8808 * .1192 / 20'000));
}

TEST_CASE("soft_best_of_n is the best score at a small temperature and any at a large one") {
  CHECK(share_of_first(1e-3F, 200) == 1);
  CHECK(std::abs(share_of_first(1e6F, 20'000) - .5) < 5 * std::sqrt(.25 / 20'000));
}

TEST_CASE("soft_best_of_n draws neither NaN nor minus infinity beside a number") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const soft_best_of_n draw{.seed = seed};
    CHECK(draw(std::vector{voter("a", {nan}), voter("b", {-9}), voter("c")}).chosen == 1);
    CHECK(draw(std::vector{voter("a", {5}), voter("b", {kInfinity})}).chosen == 1);
  }
  const auto all = soft_best_of_n{}(std::vector{voter("a"), voter("b", {-kInfinity})});
  CHECK(all.confidence == 0.5);
}

TEST_CASE("soft_best_of_n decides the same twice, and chooses none of none") {
  CHECK(soft_best_of_n{}(two).chosen == soft_best_of_n{}(two).chosen);
  CHECK(soft_best_of_n{}({}).chosen == outcome::none);
  CHECK_THROWS_AS((void)soft_best_of_n{.temperature = 0}(two), outthink::error);
}
