// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace outthink::test {

/// Children of a node as a search tree keeps them.
struct children {
  std::vector<std::uint32_t> visits;
  std::vector<float> value_sums, priors;
  std::uint32_t parent_visits = 0;
};

/// `count` visited children with mean values and priors in (0, 1).
inline children random_children(std::size_t count, unsigned seed, std::uint32_t most_visits = 50) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> uniform(0, 1);
  children c;
  for (std::size_t i = 0; i < count; ++i) {
    c.visits.push_back(1 + static_cast<std::uint32_t>(generator() % most_visits));
    c.value_sums.push_back(uniform(generator) * static_cast<float>(c.visits.back()));
    c.priors.push_back(uniform(generator));
    c.parent_visits += c.visits.back();
  }
  return c;
}

}  // namespace outthink::test
