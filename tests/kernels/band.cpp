// SPDX-License-Identifier: MIT
#include <outthink/kernels/band.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <limits>

using outthink::kernels::band;
using outthink::kernels::stricter;

TEST_CASE("a band keeps what its floor keeps below its ceiling, and ties from its first token") {
  constexpr band kept{{1, 7}, 2, 3};
  CHECK(kept.keeps(1.5F, 0));
  CHECK(kept.keeps(1, 7));
  CHECK_FALSE(kept.keeps(1, 8));
  CHECK(kept.keeps(2, 3));
  CHECK_FALSE(kept.keeps(2, 2));
  CHECK_FALSE(kept.keeps(2.5F, 5));
  CHECK_FALSE(kept.keeps(std::numeric_limits<float>::quiet_NaN(), 5));
}

TEST_CASE("a band of nothing keeps every logit above -inf") {
  CHECK(band{}.keeps(std::numeric_limits<float>::infinity(), 0));
  CHECK(band{}.keeps(std::numeric_limits<float>::lowest(), 1'000'000));
  CHECK_FALSE(band{}.keeps(-std::numeric_limits<float>::infinity(), 0));
}

TEST_CASE("the stricter of two bands keeps what both keep") {
  constexpr std::array bands{band{{1, 7}, 2, 3}, band{{1, 3}, 2, 5}, band{{0.5F, 2}, 1.5F, 0},
                             band{{2, 9}, 3, 1}, band{}};
  for (const band& a : bands) {
    for (const band& b : bands) {
      for (const float z : std::array{0.5F, 1.0F, 1.5F, 1.7F, 2.0F, 3.0F}) {
        for (std::uint32_t token = 0; token < 10; ++token) {
          CHECK(stricter(a, b).keeps(z, token) == (a.keeps(z, token) && b.keeps(z, token)));
        }
      }
    }
  }
}
