// SPDX-License-Identifier: MIT
#include <outthink/core/random_stream.hpp>
#include <outthink/core/selection.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

using outthink::best_positions;
using positions = std::vector<std::size_t>;

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

}  // namespace

TEST_CASE("best_positions gives the largest scores first") {
  const std::vector<float> scores{0.1F, 0.9F, 0.5F, 0.7F};
  CHECK(best_positions(scores, 2) == positions{1, 3});
  CHECK(best_positions(scores, 4) == positions{1, 3, 2, 0});
}

TEST_CASE("best_positions keeps the order of equal scores") {
  CHECK(best_positions(std::vector<float>(5, 0.5F), 3) == positions{0, 1, 2});
  const std::vector<float> scores{0.5F, 0.9F, 0.5F, 0.9F};
  CHECK(best_positions(scores, 3) == positions{1, 3, 0});
}

TEST_CASE("best_positions takes few scores, none, and a count of none") {
  CHECK(best_positions({}, 3).empty());
  CHECK(best_positions(std::vector{0.5F}, 3) == positions{0});
  CHECK(best_positions(std::vector{0.5F, 0.6F}, 0).empty());
}

TEST_CASE("best_positions ranks NaN below everything, minus infinity included") {
  const std::vector<float> scores{kNaN, -kInfinity, 0.0F, kNaN, kInfinity};
  CHECK(best_positions(scores, 5) == positions{4, 2, 1, 0, 3});
}

TEST_CASE("best_positions agrees with sorting by score, then position") {
  outthink::random_stream random({.key = 1, .place = 1});
  for (std::size_t n = 0; n < 68; ++n) {
    std::vector<float> scores;
    for (std::size_t i = 0; i < n; ++i) scores.push_back(static_cast<float>(random.below(7)));
    positions expected(n);
    for (std::size_t i = 0; i < n; ++i) expected[i] = i;
    std::sort(expected.begin(), expected.end(), [&](std::size_t a, std::size_t b) {
      return scores[a] > scores[b] || (scores[a] == scores[b] && a < b);
    });
    for (const std::size_t count : {std::size_t{1}, n / 2, n}) {
      positions first(expected.begin(),
                      expected.begin() + static_cast<std::ptrdiff_t>(std::min(count, n)));
      CHECK(best_positions(scores, count) == first);
    }
  }
}

TEST_CASE("best_positions writes into the caller's memory and says how many") {
  const std::vector<float> scores{0.1F, 0.9F, 0.5F, 0.9F};
  positions found(6, 77);
  CHECK(best_positions(scores, std::span(found).first(3)) == 3);
  CHECK(found == positions{1, 3, 2, 77, 77, 77});
  CHECK(best_positions(scores, found) == 4);
  CHECK(found == positions{1, 3, 2, 0, 77, 77});
  CHECK(best_positions({}, found) == 0);
  CHECK(best_positions(scores, std::span<std::size_t>{}) == 0);
}

TEST_CASE("best_positions keeps the order of NaN among themselves") {
  const std::vector<float> scores{kNaN, kNaN, 0.5F, kNaN};
  CHECK(best_positions(scores, 3) == positions{2, 0, 1});
}
