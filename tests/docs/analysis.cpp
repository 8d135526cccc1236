// SPDX-License-Identifier: MIT
// Snippet of docs/reference/analysis.md.
#include <outthink/analysis/coverage_law.hpp>
#include <outthink/kernels/pass_at_k.hpp>

#include <doctest/doctest.h>

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
