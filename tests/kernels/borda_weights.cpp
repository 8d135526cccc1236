// SPDX-License-Identifier: MIT
#include <outthink/kernels/borda_weights.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <vector>

namespace {

std::vector<float> weigh(const std::vector<float>& scores, double power) {
  std::vector<float> weights(scores.size(), -1);
  std::vector<std::size_t> order(scores.size());
  outthink::kernels::borda_weights(scores, power, weights, order);
  return weights;
}

}  // namespace

TEST_CASE("borda_weights are (n - rank)^power") {
  const auto weights = weigh({0.3F, 0.9F, 0.1F, 0.5F}, 0.5);
  CHECK(weights[1] == 2);
  CHECK(weights[3] == doctest::Approx(1.7320508).epsilon(1e-7));
  CHECK(weights[0] == doctest::Approx(1.4142136).epsilon(1e-7));
  CHECK(weights[2] == 1);
  CHECK(weigh({1, 2, 3}, 1) == std::vector<float>{1, 2, 3});
}

TEST_CASE("borda_weights with a power of 0 are a plain majority") {
  CHECK(weigh({0.3F, 0.9F, 0.1F}, 0) == std::vector<float>{1, 1, 1});
}

TEST_CASE("borda_weights: of equal scores the earlier ranks better, NaN ranks last") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  CHECK(weigh({0.5F, 0.5F, 0.5F}, 1) == std::vector<float>{3, 2, 1});
  CHECK(weigh({nan, -infinity, infinity, nan}, 1) == std::vector<float>{2, 3, 4, 1});
}

TEST_CASE("borda_weights depend on the order of scores alone") {
  std::mt19937 generator(1);
  for (std::size_t n = 0; n <= 67; ++n) {
    std::vector<float> scores(n), stretched(n);
    for (std::size_t i = 0; i < n; ++i) {
      scores[i] = static_cast<float>(generator() % 50);
      stretched[i] = std::exp(scores[i]) - 7;
    }
    const auto weights = weigh(scores, 1.2);
    CHECK(weights == weigh(stretched, 1.2));
    for (std::size_t i = 0; i < n; ++i) {
      std::size_t better = 0;
      for (std::size_t j = 0; j < n; ++j)
        better += scores[j] > scores[i] || (scores[j] == scores[i] && j < i) ? 1 : 0;
      CHECK(weights[i] == static_cast<float>(std::pow(static_cast<double>(n - better), 1.2)));
    }
  }
}
