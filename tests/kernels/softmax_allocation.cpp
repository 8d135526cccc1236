// SPDX-License-Identifier: MIT
#include <outthink/core/random_stream.hpp>
#include <outthink/kernels/softmax_allocation.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

using counts = std::vector<std::uint32_t>;

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

counts allocate(const std::vector<float>& scores, std::uint32_t width, float temperature = 0.2F) {
  counts parts(scores.size(), 99);
  std::vector<std::size_t> order(scores.size());
  std::vector<double> scratch(scores.size());
  outthink::kernels::softmax_allocation(scores, temperature, width, parts, order, scratch);
  return parts;
}

std::uint32_t sum_of(const counts& parts) {
  return std::accumulate(parts.begin(), parts.end(), 0U);
}

}  // namespace

TEST_CASE("softmax_allocation gives the counts of the published vectors") {
  CHECK(allocate({0.9F, 0.7F, 0.5F, 0.1F}, 16) == counts{11, 4, 1, 0});
  CHECK(allocate({0.9F, 0.7F, 0.5F, 0.1F}, 4) == counts{3, 1, 0, 0});
  CHECK(allocate({0.1F, 0.9F, 0.5F, 0.7F}, 16) == counts{0, 11, 1, 4});
}

TEST_CASE("softmax_allocation of equal scores does not spend more than the width") {
  CHECK(allocate({0.5F, 0.5F, 0.5F}, 8) == counts{3, 3, 2});
  for (std::uint32_t n = 1; n <= 67; ++n) {
    for (const float score : {0.1F, 0.5F, 0.9F, -3.0F}) {
      for (const std::uint32_t width : {0U, 1U, n - 1, n, n + 1, 8 * n, 1000U}) {
        const counts parts = allocate(std::vector<float>(n, score), width);
        CHECK(sum_of(parts) == width);
        CHECK(std::is_sorted(parts.rbegin(), parts.rend()));
        CHECK(parts.front() - parts.back() <= 1);
      }
    }
  }
}

TEST_CASE("softmax_allocation: parts sum to the width, and better scores never get less") {
  outthink::random_stream random({.key = 1, .place = 2});
  for (int round = 0; round < 3000; ++round) {
    std::vector<float> scores(1 + random.below(64));
    for (float& s : scores) s = static_cast<float>(random.below(20)) / 20;
    const float temperature = random.below(2) == 0 ? 0.2F : 0.01F;
    const auto width = random.below(300);
    const counts parts = allocate(scores, width, temperature);
    CHECK(sum_of(parts) == width);
    double total = 0;
    for (const float s : scores) total += std::exp(static_cast<double>(s / temperature));
    for (std::size_t i = 0; i < scores.size(); ++i) {
      for (std::size_t j = 0; j < scores.size(); ++j)
        if (scores[i] > scores[j] || (scores[i] == scores[j] && i < j)) CHECK(parts[i] >= parts[j]);
    }
    // The best is rounded up.
    const auto best = std::max_element(scores.begin(), scores.end());
    const double share = width * std::exp(static_cast<double>(*best / temperature)) / total;
    CHECK(parts[static_cast<std::size_t>(best - scores.begin())] >= std::floor(share));
  }
}

TEST_CASE("softmax_allocation: scores that nearly tie never get more than better ones") {
  CHECK(allocate({0, 0, 0, 0, 0, -5.5e-12F}, 114, 1) == counts{19, 19, 19, 19, 19, 19});
  for (std::uint32_t n = 2; n <= 40; ++n) {
    for (int tenths = 1; tenths < 1000; tenths += 3) {
      std::vector<float> scores(n, 0);
      scores.back() = -1e-13F * static_cast<float>(tenths);
      for (const std::uint32_t each : {1U, 19U, 100'000'000U}) {
        const counts parts = allocate(scores, n * each, 1);
        CHECK(sum_of(parts) == n * each);
        CHECK(std::is_sorted(parts.rbegin(), parts.rend()));
      }
    }
  }
}

TEST_CASE("softmax_allocation does not overflow: shifts of all scores change nothing") {
  // Scores and shift are multiples of 1/8: the sums are exact.
  const std::vector<float> scores{0.875F, 0.625F, 0.5F, 0.125F};
  const counts expected = allocate(scores, 37);
  for (const float shift : {100.0F, -100.0F, 1000.0F}) {
    std::vector<float> shifted = scores;
    for (float& s : shifted) s += shift;
    CHECK(allocate(shifted, 37) == expected);
  }
  CHECK(allocate({1.0F, 0.0F}, 16, 1e-6F) == counts{16, 0});
  CHECK(allocate({1e30F, -1e30F, 1e30F}, 5) == counts{3, 0, 2});
}

TEST_CASE(
    "softmax_allocation gives nothing to NaN and minus infinity unless nothing else is there") {
  CHECK(allocate({kNaN, 0.5F, -kInfinity}, 5) == counts{0, 5, 0});
  CHECK(allocate({-kInfinity, -kInfinity}, 3) == counts{2, 1});
  CHECK(allocate({kNaN, kNaN, kNaN}, 3) == counts{1, 1, 1});
  CHECK(allocate({kInfinity, 0.9F, kInfinity}, 5) == counts{3, 0, 2});
}

TEST_CASE("softmax_allocation of no score or no width gives nothing") {
  CHECK(allocate({}, 5).empty());
  CHECK(allocate({0.3F, 0.4F}, 0) == counts{0, 0});
}
