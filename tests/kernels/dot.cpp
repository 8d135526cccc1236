// SPDX-License-Identifier: MIT
#include "simd/each_target.hpp"
#include <outthink/kernels/dot.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <vector>

using outthink::kernels::dot;
using outthink::test::for_each_target;
using outthink::test::random_floats;

TEST_CASE("dot agrees with long double at every size") {
  for_each_target([] {
    for (std::size_t n = 0; n <= 1100; n = n < 140 ? n + 1 : 2 * n - 3) {
      const auto a = random_floats(n, static_cast<unsigned>(n)), b = random_floats(n, 7);
      long double sum = 0, magnitude = 0;
      for (std::size_t i = 0; i < n; ++i) {
        const long double product = static_cast<long double>(a[i]) * static_cast<long double>(b[i]);
        sum += product;
        magnitude += std::fabs(product);
      }
      // The longest chain on the narrowest target, and the tree that adds the partial sums.
      const long double chain = static_cast<long double>(n) / 16 + 12;
      CHECK(std::fabs(static_cast<long double>(dot(a, b)) - sum) <=
            2 * chain * 0x1p-24L * magnitude);
      CHECK_FALSE(outthink::test::wide_registers_in_use());
    }
  });
}

TEST_CASE("dot of whole numbers is exact, wherever the operands begin") {
  for_each_target([] {
    std::vector<float> ones(200, 1), numbers(200);
    for (std::size_t i = 0; i < 200; ++i) numbers[i] = static_cast<float>(i);
    for (std::size_t from = 0; from < 17; ++from) {
      const float* const begin = numbers.data() + from;
      float expected = 0;
      for (std::size_t i = from; i < 200; ++i) expected += static_cast<float>(i);
      CHECK(dot({begin, 200 - from}, {ones.data(), 200 - from}) == expected);
      CHECK(dot({ones.data(), 200 - from}, {begin, 200 - from}) == expected);
    }
  });
}

TEST_CASE("dot carries NaN and infinities, and overflows to infinity") {
  for_each_target([] {
    for (const std::size_t n : {1U, 5U, 16U, 70U}) {
      std::vector<float> a(n, 1), b(n, 2);
      a[n / 2] = std::numeric_limits<float>::infinity();
      CHECK(dot(a, b) == std::numeric_limits<float>::infinity());
      b[n / 2] = 0;
      CHECK(std::isnan(dot(a, b)));
      a[n / 2] = b[n / 2] = 1e30F;
      CHECK(dot(a, b) == std::numeric_limits<float>::infinity());
      a[n / 2] = 1e-45F;
      CHECK(dot(a, b) == 2.0F * static_cast<float>(n - 1) + 1e-45F * 1e30F);
    }
    CHECK(dot({}, {}) == 0);
  });
}
