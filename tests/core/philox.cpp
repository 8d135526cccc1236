// SPDX-License-Identifier: MIT
#include <outthink/core/philox.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdint>

using outthink::philox4x32;

// Vectors: kat_vectors of Random123 1.14 (D. E. Shaw Research), lines "philox4x32 10".
TEST_CASE("philox4x32 gives the published known answers") {
  using words = std::array<std::uint32_t, 4>;
  CHECK(philox4x32({0, 0, 0, 0}, {0, 0}) == words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
        words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("philox4x32 can be evaluated at compile time") {
  static_assert(philox4x32({0, 0, 0, 0}, {0, 0})[0] == 0x6627e8d5);
  constexpr auto bits = philox4x32({1, 0, 0, 0}, {0, 0});
  CHECK(bits != philox4x32({0, 0, 0, 0}, {0, 0}));
}
