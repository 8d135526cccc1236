// SPDX-License-Identifier: MIT
#include "simd/each_target.hpp"
#include <outthink/kernels/sliding_min.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

using outthink::test::for_each_target;

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<float> minima_of(const std::vector<float>& values, std::size_t window) {
  const std::size_t count = values.size() < window ? 0 : values.size() - window + 1;
  std::vector<float> minima(count + 1, 7.0F), scratch(values.size() + 1, 9.0F);
  outthink::kernels::sliding_min(values, window, {minima.data(), count},
                                 {scratch.data(), values.size()});
  CHECK_FALSE(outthink::test::wide_registers_in_use());
  CHECK(minima.back() == 7.0F);
  CHECK(scratch.back() == 9.0F);
  minima.pop_back();
  return minima;
}

/// Window by window; a NaN wins.
std::vector<float> reference(const std::vector<float>& values, std::size_t window) {
  std::vector<float> minima;
  for (std::size_t i = 0; i + window <= values.size(); ++i) {
    float least = values[i];
    for (std::size_t j = i; j < i + window; ++j)
      least = std::isnan(values[j]) || values[j] < least ? values[j] : least;
    minima.push_back(least);
  }
  return minima;
}

void check_same(const std::vector<float>& found, const std::vector<float>& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CAPTURE(i);
    REQUIRE(std::isnan(found[i]) == std::isnan(expected[i]));
    if (!std::isnan(expected[i])) REQUIRE(found[i] == expected[i]);
  }
}

}  // namespace

TEST_CASE("sliding_min is the minimum of every window, for all small sizes and windows") {
  for_each_target([] {
    for (std::size_t size = 0; size <= 67; ++size) {
      const auto values = outthink::test::random_floats(size, static_cast<unsigned>(size));
      for (std::size_t window = 1; window <= size + 1; ++window) {
        CAPTURE(size);
        CAPTURE(window);
        check_same(minima_of(values, window), reference(values, window));
      }
    }
  });
}

TEST_CASE("sliding_min of long values and windows around powers of two") {
  for_each_target([] {
    const auto values = outthink::test::random_floats(1500, 1);
    for (const std::size_t window :
         {1U,  2U,  3U,   4U,   7U,   8U,   9U,   15U,  16U,  17U,  31U,   32U,   33U,  63U,
          64U, 65U, 127U, 128U, 255U, 256U, 257U, 511U, 512U, 513U, 1000U, 1499U, 1500U}) {
      CAPTURE(window);
      check_same(minima_of(values, window), reference(values, window));
    }
  });
}

TEST_CASE("sliding_min orders infinities, ±1e30, denormals and zeros") {
  for_each_target([] {
    const std::vector<float> values{0.0F,      1e-45F, -1e-45F,    1e30F, kInfinity, kInfinity,
                                    kInfinity, -1e30F, -kInfinity, 3.0F,  -0.0F,     0.0F};
    for (std::size_t window = 1; window <= values.size(); ++window)
      check_same(minima_of(values, window), reference(values, window));
    CHECK(std::signbit(minima_of({0.0F, -0.0F}, 2)[0]));
    CHECK(std::signbit(minima_of({-0.0F, 0.0F}, 2)[0]));
  });
}

TEST_CASE("sliding_min of a window with a NaN of either sign is NaN, of the others it is not") {
  for_each_target([] {
    for (std::size_t at = 0; at < 80; at += 7) {
      auto values = outthink::test::random_floats(80, 3);
      values[at] = at % 2 == 0 ? kNaN : -kNaN;
      values[79 - at] = -kInfinity;
      for (const std::size_t window : {1U, 5U, 16U, 33U, 70U})
        check_same(minima_of(values, window), reference(values, window));
    }
  });
}

TEST_CASE("sliding_min gives the same bits on every target") {
  const auto values = outthink::test::random_floats(777, 4);
  std::vector<std::vector<float>> all;
  for_each_target([&] { all.push_back(minima_of(values, 100)); });
  for (const auto& minima : all) CHECK(minima == all.front());
}

TEST_CASE("sliding_min of ascending values is each window's first, of descending ones its last") {
  for_each_target([] {
    std::vector<float> values(200);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
    auto minima = minima_of(values, 50);
    for (std::size_t i = 0; i < minima.size(); ++i) CHECK(minima[i] == static_cast<float>(i));
    std::reverse(values.begin(), values.end());
    minima = minima_of(values, 50);
    for (std::size_t i = 0; i < minima.size(); ++i) CHECK(minima[i] == static_cast<float>(150 - i));
  });
}
