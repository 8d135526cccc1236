// SPDX-License-Identifier: MIT
#include <outthink/runtime/journal/digest.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using outthink::digest;
using outthink::digester;
using outthink::mix_bits;

namespace {

digest of(const std::vector<std::string>& texts) {
  digester all;
  for (const std::string& text : texts) all.add(std::string_view(text));
  return all.value();
}

/// The definition, byte by byte.
digest by_definition(const std::string& text) {
  std::uint64_t first = 0x6A09E667F3BCC908, second = 0xBB67AE8584CAA73B;
  const auto add = [&](std::uint64_t number) {
    first = mix_bits(first ^ number);
    second = mix_bits((second << 23 | second >> 41) + number * 0xD6E8FEB86659FD93);
  };
  for (std::size_t at = 0; at < text.size(); at += 8) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 8 && at + i < text.size(); ++i) {
      word |= std::uint64_t{static_cast<unsigned char>(text[at + i])} << (8 * i);
    }
    add(word);
  }
  add(text.size());
  return {first, second};
}

}  // namespace

TEST_CASE("digester: texts are taken eight bytes at a time, their length last") {
  std::string text;
  for (int length = 0; length < 40; ++length) {
    CHECK(of({text}) == by_definition(text));
    text += static_cast<char>(length * 37 + 130);
  }
}

TEST_CASE("digester: what a text is cut into makes a difference") {
  CHECK(of({"ab", "c"}) != of({"a", "bc"}));
  CHECK(of({"ab"}) != of({"ab", ""}));
  CHECK(of({""}) != of({}));
  CHECK(of({std::string("a")}) != of({std::string("a\0", 2)}));
}

TEST_CASE("digester: neither half repeats among 200,000 texts that differ in little") {
  std::set<std::uint64_t> first, second;
  std::size_t count = 0;
  const auto add = [&](const std::string& text) {
    const digest made = of({text});
    first.insert(made.first);
    second.insert(made.second);
    ++count;
  };
  for (int i = 0; i < 65536; ++i) add({static_cast<char>(i >> 8), static_cast<char>(i)});
  for (std::size_t zeros = 3; zeros < 200; ++zeros) add(std::string(zeros, '\0'));
  const std::string base(64, 'x');
  for (std::size_t at = 0; at < 64; ++at) {
    for (std::size_t other = at + 1; other < 64; ++other) {
      for (int bits = 0; bits < 64; ++bits) {
        std::string text = base;
        text[at] = static_cast<char>(text[at] ^ (1 << bits % 8));
        text[other] = static_cast<char>(text[other] ^ (1 << bits / 8));
        add(text);
      }
    }
  }
  CHECK(count > 190'000);
  CHECK(first.size() == count);  // by chance false in one of 10^9 functions
  CHECK(second.size() == count);
}
