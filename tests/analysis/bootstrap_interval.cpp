// SPDX-License-Identifier: MIT
#include <outthink/analysis/bootstrap_interval.hpp>
#include <outthink/analysis/roc_auc.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

using outthink::bootstrap_interval;
using outthink::bootstrap_mean;
using outthink::bootstrap_options;
using outthink::bootstrap_seeds;
using outthink::interval;
using outthink::random_stream;

namespace {

double width(const interval& of) {
  return of.high - of.low;
}

}  // namespace

// The mean of two resampled values of 0 and 1 is 0, 1/2 or 1 with 1/4, 1/2 and 1/4.
TEST_CASE("bootstrap_mean gives the quantiles of what resampling can give") {
  const std::vector<double> values{0, 1};
  const interval wide = bootstrap_mean(values, 1, {.level = 0.6});
  CHECK(wide.low == 0);
  CHECK(wide.high == 1);
  const interval narrow = bootstrap_mean(values, 1, {.level = 0.4});
  CHECK(narrow.low == 0.5);
  CHECK(narrow.high == 0.5);
}

// 400 problems solved with .3: the normal interval is ± 1.96 · √(.21 / 400) = ± .0449.
TEST_CASE("bootstrap_mean agrees with the normal interval for many problems") {
  std::vector<double> values(400);
  for (std::size_t i = 0; i < 120; ++i) values[i] = 1;
  const interval range = bootstrap_mean(values);
  CHECK(range.low == doctest::Approx(0.3 - 0.0449).epsilon(0.02));
  CHECK(range.high == doctest::Approx(0.3 + 0.0449).epsilon(0.02));
}

// 400 experiments of 60 problems with 3 seeds each. Intervals of 90 % cover the truth in 90 % of
// them, short of 1 % as percentiles of 60 problems are; 85 to 94 % is 3 standard errors either way.
TEST_CASE("bootstrap_mean covers the truth as often as it says, over problems and seeds") {
  random_stream random({.key = 12, .place = 0});
  int covered = 0;
  for (int experiment = 0; experiment < 400; ++experiment) {
    std::vector<double> values;
    for (int problem = 0; problem < 60; ++problem) {
      const double ease = random.uniform();
      for (int seed = 0; seed < 3; ++seed) values.push_back(random.uniform() < ease ? 1 : 0);
    }
    const interval range = bootstrap_mean(values, 3, {.level = 0.9, .resamples = 400});
    covered += range.low <= 0.5 && 0.5 <= range.high ? 1 : 0;
  }
  CHECK(covered >= 340);
  CHECK(covered <= 376);
}

// Problems that are always or never solved leave nothing to the seeds.
TEST_CASE("bootstrap_seeds measures the seeds alone, bootstrap_mean the problems too") {
  std::vector<double> certain, even;
  for (int problem = 0; problem < 100; ++problem) {
    for (int seed = 0; seed < 8; ++seed) {
      certain.push_back(problem % 2);
      even.push_back(seed % 2);
    }
  }
  CHECK(width(bootstrap_seeds(certain, 8)) == 0);
  CHECK(width(bootstrap_mean(certain, 8)) == doctest::Approx(2 * 1.96 * 0.05).epsilon(0.05));
  CHECK(width(bootstrap_mean(even, 8)) == 0);
  // Standard deviation .5 / √800
  CHECK(width(bootstrap_seeds(even, 8)) == doctest::Approx(2 * 1.96 * 0.01768).epsilon(0.05));
}

TEST_CASE("bootstrap_interval takes any statistic, and leaves out resamples that have none") {
  const std::vector<float> scores{.9F, .8F, .3F, .4F, .6F, .1F};
  const std::vector<std::uint8_t> right{1, 1, 1, 0, 0, 0};
  const auto auc = [&](std::span<const std::uint32_t> drawn) {
    std::vector<float> s;
    std::vector<std::uint8_t> r;
    for (const std::uint32_t i : drawn) s.push_back(scores[i]), r.push_back(right[i]);
    return outthink::roc_auc(s, r);
  };
  const interval range = bootstrap_interval(scores.size(), auc, {.resamples = 2000});
  CHECK(range.low >= 0);
  CHECK(range.low < outthink::roc_auc(scores, right));
  CHECK(range.high == 1);
  const interval none = bootstrap_interval(3, [](auto) { return std::nan(""); });
  CHECK(std::isnan(none.low));
  CHECK(std::isnan(none.high));
}

TEST_CASE("bootstrap_mean is a function of values, options and seed") {
  const std::vector<double> values{.3, .1, .9, .4, .8, .2, .7};
  const interval once = bootstrap_mean(values), again = bootstrap_mean(values);
  CHECK(once.low == again.low);
  CHECK(once.high == again.high);
  const interval other = bootstrap_mean(values, 1, {.seed = 1});
  CHECK((other.low != once.low || other.high != once.high));
  CHECK(other.low == doctest::Approx(once.low).epsilon(0.05));
}

TEST_CASE("bootstraps refuse no problem, NaN, ragged seeds and options out of range") {
  const std::vector<double> three{1, 0, 1}, unknown{1, NAN};
  CHECK_THROWS_AS((void)bootstrap_mean({}), outthink::error);
  CHECK_THROWS_AS((void)bootstrap_mean(unknown), outthink::error);
  CHECK_THROWS_AS((void)bootstrap_mean(three, 2), outthink::error);
  CHECK_THROWS_AS((void)bootstrap_mean(three, 0), outthink::error);
  CHECK_THROWS_AS((void)bootstrap_seeds(three, 2), outthink::error);
  CHECK_THROWS_AS((void)bootstrap_seeds(unknown, 2), outthink::error);
  CHECK_THROWS_AS((void)bootstrap_mean(three, 1, {.level = 1}), outthink::error);
  CHECK_THROWS_AS((void)bootstrap_mean(three, 1, {.level = NAN}), outthink::error);
  CHECK_THROWS_AS((void)bootstrap_mean(three, 1, {.resamples = 0}), outthink::error);
}
