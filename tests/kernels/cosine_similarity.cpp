// SPDX-License-Identifier: MIT
#include "simd/each_target.hpp"
#include <outthink/kernels/cosine_similarity.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <vector>

using outthink::kernels::cosine_similarity;
using outthink::test::for_each_target;
using outthink::test::random_floats;

TEST_CASE("cosine_similarity agrees with long double at every size, at every scale") {
  for_each_target([] {
    for (std::size_t n = 1; n <= 1100; n = n < 67 ? n + 1 : 2 * n - 3) {
      for (const float scale : {1.0F, 1e-38F, 1e30F}) {
        auto a = random_floats(n, static_cast<unsigned>(n)), b = random_floats(n, 7);
        for (float& x : a) x *= scale;
        long double xy = 0, xx = 0, yy = 0;
        for (std::size_t i = 0; i < n; ++i) {
          const auto x = static_cast<long double>(a[i]), y = static_cast<long double>(b[i]);
          xy += x * y;
          xx += x * x;
          yy += y * y;
        }
        const long double expected = xy / (std::sqrt(xx) * std::sqrt(yy));
        CHECK(std::fabs(static_cast<long double>(cosine_similarity(a, b)) - expected) <=
              0x1p-24L + static_cast<long double>(n) * 0x1p-52L);
        CHECK_FALSE(outthink::test::wide_registers_in_use());
        CHECK(cosine_similarity(a, b) == cosine_similarity(b, a));
      }
    }
  });
}

TEST_CASE("cosine_similarity is 1 to itself, -1 to its opposite, 0 to a right angle") {
  for_each_target([] {
    for (std::size_t n = 1; n <= 67; ++n) {
      const auto a = random_floats(n, static_cast<unsigned>(n));
      auto opposite = a;
      for (float& x : opposite) x *= -0.25F;
      CHECK(cosine_similarity(a, a) == 1);
      CHECK(cosine_similarity(a, opposite) == -1);
    }
    CHECK(cosine_similarity(std::vector{1.0F, 1.0F}, std::vector{1.0F, -1.0F}) == 0);
  });
}

TEST_CASE("cosine_similarity of zeros or nothing is 0, with NaN or infinity NaN") {
  for_each_target([] {
    const std::vector<float> zeros(20, 0.0F), ones(20, 1.0F), tiny(20, 1e-45F);
    CHECK(cosine_similarity(zeros, ones) == 0);
    CHECK(cosine_similarity(zeros, zeros) == 0);
    CHECK(cosine_similarity({}, {}) == 0);
    CHECK(cosine_similarity(tiny, ones) == 1);
    for (const float odd :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
      for (std::size_t at = 0; at < 20; at += 3) {
        auto a = ones;
        a[at] = odd;
        CHECK(std::isnan(cosine_similarity(a, ones)));
        CHECK(std::isnan(cosine_similarity(zeros, a)));
      }
    }
  });
}
