// SPDX-License-Identifier: MIT
#include <outthink/core/random_stream.hpp>
#include <outthink/core/score_queue.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

using outthink::score_queue;

TEST_CASE("score_queue gives the largest score first, of equal ones the earlier, NaN last") {
  score_queue<int> queue;
  const std::vector<float> scores{1, NAN, 3, 1, -INFINITY, 3, NAN};
  for (int i = 0; i < 7; ++i) queue.add(scores[static_cast<std::size_t>(i)], i);
  CHECK(queue.size() == 7);
  CHECK(queue.top() == 3);
  std::vector<int> order;
  while (!queue.empty()) order.push_back(queue.take());
  CHECK(order == std::vector<int>{2, 5, 0, 3, 4, 1, 6});
}

TEST_CASE("score_queue agrees with a stable sort, whatever is added in between") {
  outthink::random_stream random({.key = 1, .place = 2});
  score_queue<std::pair<float, int>> queue;
  std::vector<std::pair<float, int>> waiting;
  for (int i = 0; i < 2000; ++i) {
    if (waiting.empty() || random.below(3) > 0) {
      const auto score = static_cast<float>(random.below(20));
      queue.add(score, {score, i});
      waiting.emplace_back(score, i);
    } else {
      const auto best =
          std::max_element(waiting.begin(), waiting.end(), [](const auto& a, const auto& b) {
            return a.first < b.first || (a.first == b.first && a.second > b.second);
          });
      REQUIRE(queue.take() == *best);
      waiting.erase(best);
    }
  }
}

TEST_CASE("score_queue holds what can only be moved") {
  score_queue<std::unique_ptr<int>> queue;
  queue.add(0, std::make_unique<int>(1));
  queue.add(1, std::make_unique<int>(2));
  CHECK(*queue.take() == 2);
}
