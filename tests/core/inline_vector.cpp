// SPDX-License-Identifier: MIT
#include <outthink/core/inline_vector.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

using outthink::inline_vector;

TEST_CASE("inline_vector holds any number of elements in order") {
  for (std::size_t n = 0; n < 12; ++n) {
    inline_vector<int, 4> values;
    std::vector<int> expected;
    for (std::size_t i = 0; i < n; ++i) {
      values.push_back(static_cast<int>(i * i));
      expected.push_back(static_cast<int>(i * i));
    }
    CHECK(values.size() == n);
    CHECK(values.empty() == (n == 0));
    CHECK(std::vector<int>(values.begin(), values.end()) == expected);
    CHECK(std::vector<int>(values.data(), values.data() + n) == expected);
    for (std::size_t i = 0; i < n; ++i) CHECK(values[i] == expected[i]);
  }
}

TEST_CASE("inline_vector is filled with copies of a value") {
  CHECK(inline_vector<float, 2>(0, 1.0F).empty());
  const inline_vector<float, 2> five(5, 0.5F);
  REQUIRE(five.size() == 5);
  for (const float value : five) CHECK(value == 0.5F);
}

TEST_CASE("inline_vector's elements can be changed in place") {
  for (const std::size_t n : {4U, 5U}) {
    inline_vector<int, 4> values(n, 7);
    values[n - 1] = 9;
    CHECK(values[n - 1] == 9);
    CHECK(values[n - 2] == 7);
  }
}

TEST_CASE("inline_vector copies, moves and compares by value") {
  for (const std::size_t n : {1U, 4U, 5U}) {
    inline_vector<int, 4> original(n, 7);
    const inline_vector<int, 4> copy = original;
    CHECK(copy == original);
    const inline_vector<int, 4> moved = std::move(original);
    CHECK(moved == copy);
    inline_vector<int, 4> longer = copy;
    longer.push_back(7);
    CHECK_FALSE(longer == copy);
    inline_vector<int, 4> different(n, 8);
    CHECK_FALSE(different == copy);
  }
}
