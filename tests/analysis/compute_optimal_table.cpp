// SPDX-License-Identifier: MIT
#include <outthink/analysis/compute_optimal_table.hpp>
#include <outthink/core/random_stream.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

using outthink::chosen_gains;
using outthink::compute_optimal_table;
using outthink::held_out_choice;
using outthink::strategy_choice;
using outthink::strategy_gains;

namespace {

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

}  // namespace

TEST_CASE("compute_optimal_table takes the best strategy of each bin at each budget") {
  // Two strategies, two budgets, four problems: two hard, then two easy ones.
  const std::vector<double> gains{0, 0, 1, 1, /**/ 0, 1, 1, 1,   // the first
                                  0, 1, 0, 1, /**/ 0, 1, 1, 0};  // the second
  const std::vector<std::size_t> bins{0, 0, 1, 1};
  const strategy_gains measured{2, 2, gains};
  const strategy_choice table = compute_optimal_table(measured, bins, 3);
  CHECK(table.at(0, 0) == 1);
  CHECK(table.at(1, 0) == 0);
  CHECK(table.at(0, 1) == 0);  // level: the earlier
  CHECK(table.at(1, 1) == 0);
  CHECK(table.at(2, 0) == 0);  // no problem: the best over all
  CHECK(table.strategies.size() == 6);
}

TEST_CASE("compute_optimal_table does not take what was not run") {
  const std::vector<double> gains{NAN, NAN, .2, .9};
  const std::vector<std::size_t> bins{0, 1};
  CHECK(compute_optimal_table({2, 1, gains}, bins, 2).strategies == std::vector<std::size_t>{1, 1});
}

TEST_CASE("held_out_choice answers no problem by a table that has seen it") {
  // Each problem of a bin is solved by a strategy of its own alone: what is best elsewhere fails.
  std::vector<double> gains(6 * 6);
  for (std::size_t i = 0; i < 6; ++i) gains[i * 6 + i] = 1;
  const std::vector<std::size_t> bins(6);
  const strategy_gains measured{6, 1, gains};
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    for (const std::size_t folds : {std::size_t{2}, std::size_t{3}, std::size_t{6}}) {
      const auto chosen = held_out_choice(measured, bins, 1, folds, seed);
      CHECK(mean(chosen_gains(measured, chosen, 0)) == 0);
    }
  }
  CHECK(compute_optimal_table(measured, bins, 1).at(0, 0) == 0);
}

// Ten strategies that are all right half of the time: the table promises more on its own problems,
// and the held-out choice promises what there is. 200 problems in 20 bins of 10: the best of ten
// means of ten is .74 on average. The standard error of .5 is .035.
TEST_CASE("held_out_choice takes back what the table owes to luck") {
  outthink::random_stream random({.key = 9, .place = 0});
  std::vector<double> gains(10 * 200);
  for (double& gain : gains) gain = random.uniform() < 0.5 ? 1 : 0;
  std::vector<std::size_t> bins(200);
  for (std::size_t i = 0; i < bins.size(); ++i) bins[i] = i % 20;
  const strategy_gains measured{10, 1, gains};
  const strategy_choice table = compute_optimal_table(measured, bins, 20);
  strategy_choice own{1, {}};
  for (const std::size_t bin : bins) own.strategies.push_back(table.at(bin, 0));
  CHECK(mean(chosen_gains(measured, own, 0)) > 0.7);
  const auto held_out = chosen_gains(measured, held_out_choice(measured, bins, 20), 0);
  CHECK(mean(held_out) == doctest::Approx(0.5).epsilon(0.2));
}

// The first strategy is right with .8 on hard problems and .5 on easy ones, the second the other
// way round: by bin .8, fixed .65. 400 problems: 5 standard errors are .1.
TEST_CASE("held_out_choice by difficulty beats the best fixed strategy, which is one bin") {
  outthink::random_stream random({.key = 10, .place = 0});
  const std::size_t problems = 400;
  std::vector<double> gains(2 * problems);
  std::vector<std::size_t> bins(problems);
  for (std::size_t i = 0; i < problems; ++i) {
    bins[i] = i % 2;
    gains[i] = random.uniform() < (bins[i] == 0 ? 0.8 : 0.5) ? 1 : 0;
    gains[problems + i] = random.uniform() < (bins[i] == 0 ? 0.5 : 0.8) ? 1 : 0;
  }
  const strategy_gains measured{2, 1, gains};
  const auto by_bin = chosen_gains(measured, held_out_choice(measured, bins, 2), 0);
  const std::vector<std::size_t> one_bin(problems);
  const auto fixed = chosen_gains(measured, held_out_choice(measured, one_bin, 1), 0);
  CHECK(mean(by_bin) == doctest::Approx(0.8).epsilon(0.125));
  CHECK(mean(fixed) == doctest::Approx(0.65).epsilon(0.15));
  CHECK(mean(by_bin) > mean(fixed) + 0.05);
}

TEST_CASE("held_out_choice is a function of its arguments, and takes the best over all if alone") {
  const std::vector<double> gains{0, 0, 0, 1, 1, 0};
  const std::vector<std::size_t> bins{0, 0, 1};
  const strategy_gains measured{2, 1, gains};
  const auto once = held_out_choice(measured, bins, 2, 2, 7);
  CHECK(once.strategies == held_out_choice(measured, bins, 2, 2, 7).strategies);
  CHECK(once.at(2, 0) == 1);
}

TEST_CASE("compute-optimal tables refuse what does not fit") {
  const std::vector<double> gains(8);
  const std::vector<std::size_t> bins{0, 1}, wrong{0, 2};
  CHECK_THROWS_AS((void)compute_optimal_table({2, 3, gains}, bins, 2), outthink::error);
  CHECK_THROWS_AS((void)compute_optimal_table({0, 2, gains}, bins, 2), outthink::error);
  CHECK_THROWS_AS((void)compute_optimal_table({2, 2, gains}, wrong, 2), outthink::error);
  CHECK_THROWS_AS((void)held_out_choice({2, 2, gains}, wrong, 2), outthink::error);
  CHECK_THROWS_AS((void)held_out_choice({2, 2, gains}, bins, 2, 1), outthink::error);
}
