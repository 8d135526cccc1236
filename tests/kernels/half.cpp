// SPDX-License-Identifier: MIT
#include <outthink/kernels/half.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>

using outthink::kernels::half;

static_assert(sizeof(half) == 2);
static_assert(static_cast<float>(half{0xc248}) == -3.140625F);
static_assert(half::nearest(-3.14159265F).bits == 0xc248);

TEST_CASE("a half widens to the number that the standard gives its bits, and back") {
  int wrong = 0;
  for (std::uint32_t bits = 0; bits < 0x10000U; ++bits) {
    const half narrow{static_cast<std::uint16_t>(bits)};
    const auto wide = static_cast<float>(narrow);
    const int exponent = bits >> 10 & 31U, mantissa = bits & 1023U;
    const double magnitude = exponent == 0    ? std::ldexp(mantissa, -24)
                             : exponent == 31 ? HUGE_VAL
                                              : std::ldexp(1024 + mantissa, exponent - 25);
    if (exponent == 31 && mantissa != 0) {
      wrong += std::isnan(wide) && std::isnan(static_cast<float>(half::nearest(wide))) ? 0 : 1;
      continue;
    }
    const bool same = std::fabs(static_cast<double>(wide)) == magnitude &&
                      std::signbit(wide) == (bits >= 0x8000U) && half::nearest(wide).bits == bits;
    wrong += same ? 0 : 1;
  }
  CHECK(wrong == 0);
}

TEST_CASE("half way between two halves the even one is the nearest, next to it the nearer one") {
  int wrong = 0;
  for (std::uint16_t bits = 0; bits < 0x7bffU; ++bits) {
    const std::uint16_t above = bits + 1U;
    const float middle = (static_cast<float>(half{bits}) + static_cast<float>(half{above})) / 2;
    const std::uint16_t even = bits % 2 == 0 ? bits : above;
    wrong += half::nearest(middle).bits == even ? 0 : 1;
    wrong += half::nearest(std::nextafterf(middle, 0)).bits == bits ? 0 : 1;
    wrong += half::nearest(std::nextafterf(middle, HUGE_VALF)).bits == above ? 0 : 1;
    wrong += half::nearest(-middle).bits == (even | 0x8000U) ? 0 : 1;
  }
  CHECK(wrong == 0);
}

TEST_CASE("beyond the largest half is infinity") {
  CHECK(half::nearest(65519.996F).bits == 0x7bff);
  CHECK(half::nearest(65520.0F).bits == 0x7c00);
  CHECK(half::nearest(-std::numeric_limits<float>::max()).bits == 0xfc00);
  CHECK(half::nearest(std::numeric_limits<float>::denorm_min()).bits == 0);
  CHECK(std::isnan(static_cast<float>(half::nearest(std::nanf("")))));
}
