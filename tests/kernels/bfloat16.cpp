// SPDX-License-Identifier: MIT
#include <outthink/kernels/bfloat16.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

using outthink::kernels::bfloat16;

static_assert(sizeof(bfloat16) == 2);
static_assert(static_cast<float>(bfloat16{0xc049}) == -3.140625F);
static_assert(bfloat16::nearest(-3.14159265F).bits == 0xc049);

TEST_CASE("a bfloat16 widens to the float whose upper bits it is, and back") {
  int wrong = 0;
  for (std::uint32_t bits = 0; bits < 0x10000U; ++bits) {
    const bfloat16 narrow{static_cast<std::uint16_t>(bits)};
    const auto wide = static_cast<float>(narrow);
    std::uint32_t wide_bits;
    std::memcpy(&wide_bits, &wide, sizeof wide);
    const bool kept = std::isnan(wide) ? std::isnan(static_cast<float>(bfloat16::nearest(wide)))
                                       : bfloat16::nearest(wide).bits == bits;
    wrong += (std::isnan(wide) || wide_bits == bits << 16) && kept ? 0 : 1;
  }
  CHECK(wrong == 0);
}

TEST_CASE("the nearest bfloat16 is the even one of two, infinity beyond the largest") {
  CHECK(bfloat16::nearest(1.0F + 0x1p-8F).bits == 0x3f80);  // half way between 1 and 1 + 2⁻⁷
  CHECK(bfloat16::nearest(1.0F + 0x3p-8F).bits == 0x3f82);
  CHECK(bfloat16::nearest(1.0F + 0x1.002p-8F).bits == 0x3f81);
  CHECK(bfloat16::nearest(std::numeric_limits<float>::max()).bits == 0x7f80);
  CHECK(bfloat16::nearest(0x1.feffp127F).bits == 0x7f7f);
  CHECK(bfloat16::nearest(-0.0F).bits == 0x8000);
  CHECK(bfloat16::nearest(std::numeric_limits<float>::denorm_min()).bits == 0);
  CHECK(std::isnan(static_cast<float>(bfloat16::nearest(std::nanf("")))));
}
