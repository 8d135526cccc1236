// SPDX-License-Identifier: MIT
#include <outthink/runtime/journal/answer_row.hpp>

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <string_view>

using outthink::cost;
using outthink::digest;
using outthink::detail::answer_checksum;
using outthink::detail::key_bytes;
using outthink::detail::read_key;

TEST_CASE("answer_row: a key reads back, and one of another length does not") {
  const digest key{0x0123456789ABCDEF, 0xFEDCBA9876543210};
  const auto bytes = key_bytes(key);
  CHECK(read_key({bytes.data(), bytes.size()}) == key);
  CHECK_FALSE(read_key({bytes.data(), 15}));
  CHECK_FALSE(read_key({}));
}

TEST_CASE("answer_row: the checksum depends on everything") {
  const cost spent{.tokens_read = 1, .tokens_written = 2, .flops = 3, .money = 4};
  std::set<std::int64_t> seen{answer_checksum({1, 2}, "a", "b", spent)};
  seen.insert(answer_checksum({2, 2}, "a", "b", spent));
  seen.insert(answer_checksum({1, 1}, "a", "b", spent));
  seen.insert(answer_checksum({1, 2}, "", "ab", spent));
  seen.insert(answer_checksum({1, 2}, "a", "c", spent));
  for (int field = 0; field < 4; ++field) {
    cost other = spent;
    if (field == 0) other.tokens_read = 9;
    if (field == 1) other.tokens_written = 9;
    if (field == 2) other.flops = 9;
    if (field == 3) other.money = 9;
    seen.insert(answer_checksum({1, 2}, "a", "b", other));
  }
  CHECK(seen.size() == 9);
}

TEST_CASE("answer_row: what SQLite does not tell apart is made the same") {
  const cost odd =
      outthink::detail::storable({.tokens_read = 1, .flops = -0.0, .money = -std::nan("7")});
  CHECK(odd.tokens_read == 1);
  CHECK_FALSE(std::signbit(odd.flops));
  CHECK(std::bit_cast<std::uint64_t>(odd.money) ==
        std::bit_cast<std::uint64_t>(std::numeric_limits<double>::quiet_NaN()));
  CHECK(outthink::detail::storable({.flops = -1.5}).flops == -1.5);
}
