// SPDX-License-Identifier: MIT
#include "../support/chi_square.hpp"
#include <outthink/core/random_stream.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

using outthink::hash_text;
using outthink::mix_bits;
using outthink::philox4x32;
using outthink::random_stream;
using outthink::stream_id;

TEST_CASE("random_stream gives the philox words of counter (index, place) and key") {
  const stream_id id{.key = 0x299f31d0a4093822, .place = 0x0370734413198a2e};
  random_stream random(id);
  for (std::uint32_t block = 0; block < 3; ++block) {
    const auto expected = philox4x32({block, 0, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0});
    for (const std::uint32_t word : expected) CHECK(random.next() == word);
  }
}

TEST_CASE("random_stream: the n-th draw depends on the id and n alone") {
  const stream_id id{.key = 5, .place = 9};
  random_stream alone(id);
  std::vector<std::uint32_t> expected;
  for (int i = 0; i < 100; ++i) expected.push_back(alone.next());

  random_stream first(id), other({.key = 5, .place = 10}), copy_source(id);
  for (std::size_t i = 0; i < 100; ++i) {
    CHECK(first.next() == expected[i]);
    static_cast<void>(other.next());
    random_stream copy = copy_source;
    CHECK(copy.next() == expected[i]);
    CHECK(copy_source.next() == expected[i]);
  }
}

TEST_CASE("random_stream: different keys and places give different numbers") {
  std::set<std::uint32_t> first_words;
  int streams = 0;
  for (std::uint64_t key : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 32}) {
    for (std::uint64_t place : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 32}) {
      first_words.insert(random_stream({key, place}).next());
      ++streams;
    }
  }
  CHECK(static_cast<int>(first_words.size()) == streams);
}

// The seeds are fixed; had they been drawn at random, each check below would fail once in 10^6.
TEST_CASE("random_stream draws uniformly") {
  constexpr double kFalseAlarms = 1e-6;
  SUBCASE("uniform() over [0, 1) in 64 bins") {
    random_stream random({.key = 1, .place = 2});
    std::array<std::uint64_t, 64> bins{};
    for (int i = 0; i < 64'000; ++i) {
      const double u = random.uniform();
      REQUIRE(u >= 0);
      REQUIRE(u < 1);
      ++bins[static_cast<std::size_t>(u * 64)];
    }
    const std::vector<double> even(64, 1.0 / 64);
    CHECK(outthink::test::chi_square_fit(bins, even) > kFalseAlarms);
  }
  SUBCASE("the low bits of uniform()") {
    random_stream random({.key = 1, .place = 3});
    std::array<std::uint64_t, 16> bins{};
    for (int i = 0; i < 16'000; ++i) {
      const auto bits = static_cast<std::uint64_t>(random.uniform() * 0x1p53);
      ++bins[bits % 16];
    }
    const std::vector<double> even(16, 1.0 / 16);
    CHECK(outthink::test::chi_square_fit(bins, even) > kFalseAlarms);
  }
  SUBCASE("below(count) for a count that is no power of two") {
    random_stream random({.key = 3, .place = 3});
    std::array<std::uint64_t, 7> bins{};
    for (int i = 0; i < 70'000; ++i) ++bins[random.below(7)];
    const std::vector<double> even(7, 1.0 / 7);
    CHECK(outthink::test::chi_square_fit(bins, even) > kFalseAlarms);
  }
  SUBCASE("first draws of neighbouring streams, in pairs") {
    std::array<std::uint64_t, 64> bins{};
    for (std::uint64_t place = 0; place < 64'000; ++place) {
      const std::uint32_t a = random_stream({.key = 7, .place = place}).below(8);
      const std::uint32_t b = random_stream({.key = 7, .place = place + 1}).below(8);
      ++bins[a * 8 + b];
    }
    const std::vector<double> even(64, 1.0 / 64);
    CHECK(outthink::test::chi_square_fit(bins, even) > kFalseAlarms);
  }
  SUBCASE("first draws of one place under neighbouring seeds") {
    std::array<std::uint64_t, 32> bins{};
    for (std::uint64_t key = 0; key < 32'000; ++key) ++bins[random_stream({key, 0}).below(32)];
    const std::vector<double> even(32, 1.0 / 32);
    CHECK(outthink::test::chi_square_fit(bins, even) > kFalseAlarms);
  }
}

TEST_CASE("random_stream::below stays below its count") {
  random_stream random({.key = 1, .place = 1});
  for (int i = 0; i < 100; ++i) CHECK(random.below(1) == 0);
  for (int i = 0; i < 1'000; ++i) CHECK(random.below(0xFFFFFFFF) < 0xFFFFFFFF);
}

TEST_CASE("hash_text gives the published FNV-1a values") {
  // Test suite of the FNV draft (draft-eastlake-fnv, appendix C), 64 bits.
  CHECK(hash_text("") == 0xcbf29ce484222325);
  CHECK(hash_text("a") == 0xaf63dc4c8601ec8c);
  CHECK(hash_text("foobar") == 0x85944171f73967e8);
  CHECK(hash_text("\xFF") == (0xcbf29ce484222325ULL ^ 0xFF) * 0x100000001B3ULL);
}

TEST_CASE("mix_bits is the finaliser of SplitMix64, and of two numbers depends on the order") {
  // First outputs of SplitMix64 seeded with 0 (Vigna's splitmix64.c): state k times the increment.
  CHECK(mix_bits(0x9E3779B97F4A7C15) == 0xE220A8397B1DCDAF);
  CHECK(mix_bits(2 * 0x9E3779B97F4A7C15ULL) == 0x6E789E6AA1B965F4);
  CHECK(mix_bits(1, 2) != mix_bits(2, 1));
  CHECK(mix_bits(0, 0) != 0);
  std::set<std::uint64_t> seen;
  for (std::uint64_t a = 0; a < 100; ++a) {
    for (std::uint64_t b = 0; b < 100; ++b) seen.insert(mix_bits(a, b));
  }
  CHECK(seen.size() == 10'000);
}
