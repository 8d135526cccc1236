// SPDX-License-Identifier: MIT
#include <outthink/policies/plan_search/combinations.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <set>
#include <string>
#include <vector>

using outthink::combinations;
using outthink::observation_set;

namespace {

observation_set numbers(std::size_t n) {
  observation_set items;
  for (std::size_t i = 0; i < n; ++i) items.push_back(std::to_string(i));
  return items;
}

}  // namespace

TEST_CASE("combinations: of ten observations at most two are 56 sets") {
  CHECK(combinations(numbers(10), 2).size() == 56);
}

TEST_CASE("combinations: sets of at most k of n items are Σ n over i, all of them different") {
  for (std::size_t n = 0; n <= 8; ++n) {
    for (std::size_t most = 0; most <= 9; ++most) {
      std::size_t expected = 0;
      for (unsigned bits = 0; bits < 1U << n; ++bits) {  // by counting all subsets
        std::size_t size = 0;
        for (std::size_t i = 0; i < n; ++i) size += bits >> i & 1U;
        expected += size <= most ? 1 : 0;
      }
      const auto sets = combinations(numbers(n), most);
      CHECK(sets.size() == expected);
      CHECK(std::set<observation_set>(sets.begin(), sets.end()).size() == expected);
    }
  }
}

TEST_CASE("combinations: the empty set comes first, sizes ascend, positions are in order") {
  const std::vector<observation_set> expected{{},         {"a"},      {"b"},      {"c"},
                                              {"a", "b"}, {"a", "c"}, {"b", "c"}, {"a", "b", "c"}};
  CHECK(combinations({"a", "b", "c"}, 3) == expected);
}
