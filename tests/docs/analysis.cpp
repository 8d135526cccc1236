// SPDX-License-Identifier: MIT
// Snippets of docs/reference/analysis.md.
#include <outthink/analysis/bootstrap_interval.hpp>
#include <outthink/analysis/compute_optimal_table.hpp>
#include <outthink/analysis/coverage_law.hpp>
#include <outthink/analysis/difficulty_bins.hpp>
#include <outthink/analysis/paired_bootstrap.hpp>
#include <outthink/kernels/pass_at_k.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

using namespace outthink;

TEST_CASE("the documented law predicts more than the last point and less than all") {
  // Right answers among 200 samples of each of four problems.
  const std::vector<std::uint64_t> right{3, 0, 41, 1};
  std::vector<double> samples{1, 10, 100}, coverage;
  for (const double k : samples) {
    double sum = 0;
    for (const std::uint64_t c : right)
      sum += kernels::pass_at_k(200, c, static_cast<std::uint64_t>(k));
    coverage.push_back(sum / 4);
  }
  const coverage_law law = fit_coverage_law(samples, coverage);
  const double with_a_thousand = law(1000);
  CHECK(with_a_thousand > coverage.back());
  CHECK(with_a_thousand < 1);
}

TEST_CASE("the documented comparison finds a difference that two intervals hide") {
  std::vector<double> first, second;
  const std::size_t seeds = 2;
  for (int i = 0; i < 100; ++i) {
    // Half of the problems are easy; the second strategy solves one in five of the others, too.
    first.insert(first.end(), seeds, i % 2);
    second.insert(second.end(), seeds, i % 2 == 1 || i % 10 == 0 ? 1 : 0);
  }
  const interval alone = bootstrap_mean(second, seeds);
  const paired_difference compared = paired_bootstrap(first, second, seeds);
  CHECK(alone.low < bootstrap_mean(first, seeds).high);
  CHECK(compared.difference == doctest::Approx(0.1));
  CHECK(compared.range.low > 0);
  CHECK(compared.p_value < 0.01);
}

TEST_CASE("the documented table takes the second strategy for the hard problems alone") {
  // Two strategies, one budget, six problems: the share of seeds that were right.
  const std::vector<double> gains{.1, .2, .0, .9, .8, .9, /**/ .4, .3, .5, .7, .6, .8};
  const std::vector<double> ease{.1, .1, .2, .8, .9, .9};
  const auto bins = difficulty_bins(ease, difficulty_edges(ease, 2));
  const strategy_gains measured{.strategies = 2, .budgets = 1, .gains = gains};
  const strategy_choice table = compute_optimal_table(measured, bins, 2);
  const auto unseen = chosen_gains(measured, held_out_choice(measured, bins, 2), 0);
  CHECK(table.at(0, 0) == 1);
  CHECK(table.at(1, 0) == 0);
  CHECK(unseen == std::vector<double>{.4, .3, .5, .9, .8, .9});
}
