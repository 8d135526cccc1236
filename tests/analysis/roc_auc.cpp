// SPDX-License-Identifier: MIT
#include <outthink/analysis/roc_auc.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

using outthink::roc_auc;

namespace {

// All pairs of a right and a wrong answer.
double by_pairs(const std::vector<float>& scores, const std::vector<std::uint8_t>& right) {
  const auto rank = [](float score) { return std::isnan(score) ? -INFINITY : score; };
  double won = 0, pairs = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    for (std::size_t j = 0; j < scores.size(); ++j) {
      if (right[i] == 0 || right[j] != 0) continue;
      const float a = rank(scores[i]), b = rank(scores[j]);
      won += a > b ? 1 : a == b ? 0.5 : 0;
      ++pairs;
    }
  }
  return won / pairs;
}

}  // namespace

TEST_CASE("roc_auc is 1 in the right order, 0 in the opposite one and 1/2 without order") {
  const std::vector<std::uint8_t> right{0, 0, 1, 1};
  CHECK(roc_auc(std::vector<float>{.1F, .2F, .3F, .4F}, right) == 1);
  CHECK(roc_auc(std::vector<float>{4, 3, 2, 1}, right) == 0);
  CHECK(roc_auc(std::vector<float>{7, 7, 7, 7}, right) == 0.5);
  CHECK(roc_auc(std::vector<float>{.1F, .4F, .35F, .8F}, right) == 0.75);
}

TEST_CASE("roc_auc is the share of pairs in the right order, ties half, NaN lowest") {
  std::mt19937 generator(3);
  for (int round = 0; round < 100; ++round) {
    std::vector<float> scores{1, 0};
    std::vector<std::uint8_t> right{1, 0};
    for (int i = 0; i < 30; ++i) {
      const auto level = generator() % 8;
      scores.push_back(level == 7 ? NAN : static_cast<float>(level));
      right.push_back(generator() % 3 == 0 ? 1 : 0);
    }
    CHECK(roc_auc(scores, right) == doctest::Approx(by_pairs(scores, right)).epsilon(1e-12));
  }
}

TEST_CASE("roc_auc is not a number without both kinds, and needs a result for each score") {
  const std::vector<float> two{1, 2};
  CHECK(std::isnan(roc_auc(two, std::vector<std::uint8_t>{1, 1})));
  CHECK(std::isnan(roc_auc(two, std::vector<std::uint8_t>{0, 0})));
  CHECK(std::isnan(roc_auc({}, {})));
  CHECK_THROWS_AS((void)roc_auc(two, std::vector<std::uint8_t>{1}), outthink::error);
}
