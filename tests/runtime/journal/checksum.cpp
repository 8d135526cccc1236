// SPDX-License-Identifier: MIT
#include <outthink/runtime/journal/checksum.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

using outthink::detail::checksum;

namespace {

std::uint64_t of(std::string_view text) {
  checksum all;
  all.add(text);
  return all.value();
}

}  // namespace

TEST_CASE("checksum: every change of one bit, and every other length, changes it") {
  for (const std::size_t size : std::array<std::size_t, 10>{0, 1, 7, 8, 9, 31, 32, 33, 71, 100}) {
    std::string text(size, 'a');
    std::set<std::uint64_t> seen{of(text)};
    for (std::size_t bit = 0; bit < 8 * size; ++bit) {
      const char before = text[bit / 8];
      text[bit / 8] = static_cast<char>(before ^ (1 << bit % 8));
      seen.insert(of(text));
      text[bit / 8] = before;
    }
    CHECK(seen.size() == 8 * size + 1);
    CHECK(of(text + '\0') != of(text));
    CHECK(of(text + 'a') != of(text));
  }
}

TEST_CASE("checksum: words that change places, and where a text ends, change it") {
  std::string text;
  for (char c = 'a'; c < 'a' + 12; ++c) text.append(8, c);
  std::set<std::uint64_t> seen{of(text)};
  for (std::size_t i = 0; i < 12; ++i) {
    for (std::size_t j = i + 1; j < 12; ++j) {
      std::string swapped = text;
      swapped.replace(8 * i, 8, text, 8 * j, 8);
      swapped.replace(8 * j, 8, text, 8 * i, 8);
      seen.insert(of(swapped));
    }
  }
  CHECK(seen.size() == 12 * 11 / 2 + 1);
  checksum first, second, third;
  first.add("ab");
  first.add("c");
  second.add("a");
  second.add("bc");
  third.add("abc");
  CHECK(first.value() != second.value());
  CHECK(first.value() != third.value());
  first.add(std::uint64_t{1});
  second = first;
  second.add(std::uint64_t{0});
  CHECK(first.value() != second.value());
}
