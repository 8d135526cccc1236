// SPDX-License-Identifier: MIT
#include <outthink/analysis/difficulty_bins.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <vector>

using outthink::difficulty_bins;
using outthink::difficulty_edges;

namespace {

std::vector<std::size_t> sizes(const std::vector<double>& ease, std::size_t bins) {
  std::vector<std::size_t> counts(bins);
  for (const std::size_t bin : difficulty_bins(ease, difficulty_edges(ease, bins))) ++counts[bin];
  return counts;
}

}  // namespace

TEST_CASE("difficulty_edges parts problems into bins of equal size, the hardest first") {
  std::vector<double> ease;
  for (int i = 0; i < 100; ++i) ease.push_back((i * 37) % 100 / 100.0);
  CHECK(difficulty_edges(ease) == std::vector<double>{0.2, 0.4, 0.6, 0.8});
  CHECK(sizes(ease, 5) == std::vector<std::size_t>{20, 20, 20, 20, 20});
  CHECK(difficulty_bins(std::vector<double>{0.19, 0.2, 1}, difficulty_edges(ease)) ==
        std::vector<std::size_t>{0, 1, 4});
  for (const std::size_t n : {1U, 4U, 7U, 23U}) {
    for (const std::size_t bins : {1U, 2U, 5U}) {
      ease.clear();
      for (std::size_t i = 0; i < n; ++i) ease.push_back(static_cast<double>(i));
      for (const std::size_t size : sizes(ease, bins)) {
        CHECK(size >= n / bins);
        CHECK(size <= n / bins + 1);
      }
    }
  }
}

TEST_CASE("difficulty_edges keeps problems of equal ease together, and NaN with the hardest") {
  CHECK(sizes({0, 0, 0, 0, 0, 0, .5, 1}, 4) == std::vector<std::size_t>{0, 0, 6, 2});
  CHECK(sizes({1, 1, 1}, 3) == std::vector<std::size_t>{0, 0, 3});
  CHECK(difficulty_bins(std::vector<double>{NAN, NAN, 1, 2},
                        difficulty_edges(std::vector<double>{NAN, NAN, 1, 2}, 2)) ==
        std::vector<std::size_t>{0, 0, 1, 1});
  // More unknown than the first bin holds: they stay there, together.
  CHECK(sizes({NAN, NAN, NAN, 1}, 4) == std::vector<std::size_t>{3, 0, 0, 1});
}

TEST_CASE("difficulty_edges refuses no problem and no bin") {
  CHECK_THROWS_AS((void)difficulty_edges({}), outthink::error);
  CHECK_THROWS_AS((void)difficulty_edges(std::vector<double>{1}, 0), outthink::error);
  CHECK(difficulty_edges(std::vector<double>{1}, 1).empty());
}
