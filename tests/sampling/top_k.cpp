// SPDX-License-Identifier: MIT
#include <outthink/core/random_stream.hpp>
#include <outthink/sampling/top_k.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

using outthink::sampling_options;
using outthink::top_k;

namespace {

constexpr float kOut = -std::numeric_limits<float>::infinity();

std::vector<float> keep(std::vector<float> logits, int k) {
  sampling_options options;
  options.top_k = k;
  top_k{}(logits, options);
  return logits;
}

}  // namespace

TEST_CASE("top_k keeps the k largest logits where they are") {
  CHECK(keep({1, 5, 3, 4, 2}, 2) == std::vector<float>{kOut, 5, kOut, 4, kOut});
  CHECK(keep({1, 5, 3, 4, 2}, 1) == std::vector<float>{kOut, 5, kOut, kOut, kOut});
}

TEST_CASE("top_k keeps everything for k = 0 and for k of the size of the vocabulary or more") {
  const std::vector<float> logits{1, 5, 3};
  for (const int k : {0, 3, 4, 1'000'000}) CHECK(keep(logits, k) == logits);
  CHECK(keep({}, 1).empty());
}

TEST_CASE("top_k keeps the lower ids among equal logits at the boundary") {
  CHECK(keep({2, 1, 2, 3, 2}, 3) == std::vector<float>{2, kOut, 2, 3, kOut});
  CHECK(keep({7, 7, 7, 7}, 2) == std::vector<float>{7, 7, kOut, kOut});
}

TEST_CASE("top_k leaves excluded tokens excluded") {
  CHECK(keep({kOut, 1, kOut, 2}, 3) == std::vector<float>{kOut, 1, kOut, 2});
  CHECK(keep({kOut, kOut, kOut}, 2) == std::vector<float>{kOut, kOut, kOut});
}

TEST_CASE("top_k agrees with sorting by logit, then id") {
  outthink::random_stream random({.key = 4, .place = 1});
  for (std::size_t n = 1; n < 68; ++n) {
    std::vector<float> logits;
    for (std::size_t i = 0; i < n; ++i) logits.push_back(static_cast<float>(random.below(9)) - 4);
    const auto k = 1 + random.below(static_cast<std::uint32_t>(n));
    std::vector<std::size_t> order(n);
    for (std::size_t i = 0; i < n; ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return logits[a] > logits[b] || (logits[a] == logits[b] && a < b);
    });
    std::vector<float> expected(n, kOut);
    for (std::size_t i = 0; i < k; ++i) expected[order[i]] = logits[order[i]];
    CHECK(keep(logits, static_cast<int>(k)) == expected);
  }
}
