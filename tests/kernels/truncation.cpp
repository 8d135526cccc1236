// SPDX-License-Identifier: MIT
#include <outthink/kernels/truncation.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <utility>

using outthink::kernels::stricter;
using outthink::kernels::truncation;

TEST_CASE("a truncation keeps what exceeds its threshold, and ties up to its last token") {
  constexpr truncation kept{1.5F, 7};
  CHECK(kept.keeps(1.6F, 100));
  CHECK(kept.keeps(1.5F, 7));
  CHECK_FALSE(kept.keeps(1.5F, 8));
  CHECK_FALSE(kept.keeps(1.4F, 0));
  CHECK_FALSE(kept.keeps(std::numeric_limits<float>::quiet_NaN(), 0));
}

TEST_CASE("a truncation of nothing keeps every finite logit") {
  CHECK(truncation{}.keeps(std::numeric_limits<float>::lowest(), 1'000'000));
  CHECK_FALSE(truncation{}.keeps(-std::numeric_limits<float>::infinity(), 0));
}

TEST_CASE("the stricter of two truncations keeps what both keep") {
  constexpr truncation a{1.5F, 7}, b{1.5F, 3}, c{2, 0};
  for (const auto& [x, y] : {std::pair{a, b}, {b, c}, {a, c}, {c, a}, {a, a}}) {
    for (const float z : {1.0F, 1.5F, 1.7F, 2.0F, 3.0F}) {
      for (std::uint32_t token = 0; token < 10; ++token) {
        CHECK(stricter(x, y).keeps(z, token) == (x.keeps(z, token) && y.keeps(z, token)));
      }
    }
  }
}
