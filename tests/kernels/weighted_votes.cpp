// SPDX-License-Identifier: MIT
#include <outthink/kernels/weighted_votes.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <vector>

using outthink::kernels::no_class;
using outthink::kernels::vote_count;
using outthink::kernels::weighted_votes;

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct result {
  vote_count count;
  std::vector<double> totals;
};

result vote(const std::vector<std::uint32_t>& classes, const std::vector<float>& weights,
            std::size_t size) {
  result r{{}, std::vector<double>(size, 99)};
  r.count = weighted_votes(classes, weights, r.totals);
  return r;
}

}  // namespace

TEST_CASE("weighted_votes adds up the scores of each answer") {
  const result r = vote({0, 1, 1}, {0.9F, 0.6F, 0.5F}, 2);
  CHECK(r.count.winner == 1);
  CHECK(r.totals[0] == doctest::Approx(0.9));
  CHECK(r.totals[1] == doctest::Approx(1.1));
  CHECK(r.count.total == doctest::Approx(2.0));
}

TEST_CASE("weighted_votes with weights by verdict gives the sums of verification-guided voting") {
  // a: true, false; b: uncertain, uncertain, false.
  const std::vector<std::uint32_t> classes{0, 0, 1, 1, 1};
  CHECK(vote(classes, {1, 0, 0.5F, 0.5F, 0}, 2).count.winner == 0);  // 1 and 1: the first
  const result r = vote(classes, {1, 0.1F, 0.4F, 0.4F, 0.1F}, 2);
  CHECK(r.count.winner == 0);
  CHECK(r.totals[0] == doctest::Approx(1.1));
  CHECK(r.totals[1] == doctest::Approx(0.9));
  CHECK(vote(classes, {1, 1, 1, 1, 1}, 2).count.winner == 1);
}

TEST_CASE("weighted_votes: of equal totals the smallest class wins") {
  CHECK(vote({2, 1, 2, 1}, {1, 1, 1, 1}, 3).count.winner == 1);
}

TEST_CASE("weighted_votes: negative weights, zeros, NaN and no_class weigh nothing") {
  const result r = vote({0, 0, 1, 1, no_class, 1}, {0.25F, -5, kNaN, 0.5F, 9, -kInfinity}, 2);
  CHECK(r.totals == std::vector<double>{0.25, 0.5});
  CHECK(r.count.winner == 1);
  CHECK(r.count.total == 0.75);
}

TEST_CASE("weighted_votes names nobody where nobody votes") {
  CHECK(vote({}, {}, 3).count.winner == no_class);
  CHECK(vote({0, no_class}, {0, 1}, 1).count.winner == no_class);
  CHECK(vote({}, {}, 0).count.total == 0);
}

TEST_CASE("weighted_votes: plus infinity wins, the first of several, and 1e30 does not overflow") {
  CHECK(vote({0, 1, 2}, {1e30F, kInfinity, kInfinity}, 3).count.winner == 1);
  CHECK(vote({0, 1, 1}, {1e30F, 1e30F, 1e30F}, 2).totals[1] == 2 * static_cast<double>(1e30F));
  CHECK(vote({0}, {1e-45F}, 1).count.winner == 0);
}

TEST_CASE("weighted_votes: the order of solutions does not matter where sums are exact") {
  std::mt19937 generator(1);
  for (std::size_t n = 1; n <= 67; ++n) {
    std::vector<std::uint32_t> classes(n);
    std::vector<float> weights(n);
    std::map<std::uint32_t, double> expected;
    for (std::size_t i = 0; i < n; ++i) {
      classes[i] = static_cast<std::uint32_t>(generator() % 7);
      weights[i] = static_cast<float>(generator() % 64) / 64;
      expected[classes[i]] += static_cast<double>(weights[i]);
    }
    const result forward = vote(classes, weights, 7);
    for (std::uint32_t c = 0; c < 7; ++c) CHECK(forward.totals[c] == expected[c]);
    std::reverse(classes.begin(), classes.end());
    std::reverse(weights.begin(), weights.end());
    const result backward = vote(classes, weights, 7);
    CHECK(backward.totals == forward.totals);
    CHECK(backward.count.winner == forward.count.winner);
  }
}
