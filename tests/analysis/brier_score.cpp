// SPDX-License-Identifier: MIT
#include <outthink/analysis/brier_score.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

using outthink::brier_score;

TEST_CASE("brier_score is 0 for perfect, 1 for opposite and 1/4 for undecided predictions") {
  const std::vector<std::uint8_t> right{1, 0, 1};
  CHECK(brier_score(std::vector<float>{1, 0, 1}, right) == 0);
  CHECK(brier_score(std::vector<float>{0, 1, 0}, right) == 1);
  CHECK(brier_score(std::vector<float>{.5F, .5F, .5F}, right) == 0.25);
  CHECK(brier_score(std::vector<float>{.75F, .25F, .5F}, right) == doctest::Approx(0.125));
}

TEST_CASE("brier_score is least for the honest probability") {
  const std::vector<std::uint8_t> right{1, 1, 1, 0};  // 3 of 4
  const auto of = [&](float p) { return brier_score(std::vector<float>(4, p), right); };
  CHECK(of(0.75F) == doctest::Approx(0.1875));
  CHECK(of(0.75F) < of(0.74F));
  CHECK(of(0.75F) < of(0.76F));
}

TEST_CASE("brier_score refuses what is no probability; no prediction has no score") {
  const std::vector<std::uint8_t> one{1};
  for (const float wrong : {-0.01F, 1.01F, NAN})
    CHECK_THROWS_AS((void)brier_score(std::vector<float>{wrong}, one), outthink::error);
  CHECK_THROWS_AS((void)brier_score({}, one), outthink::error);
  CHECK(std::isnan(brier_score({}, {})));
}
