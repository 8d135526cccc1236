// SPDX-License-Identifier: MIT
#include <outthink/core/text_arena.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

using outthink::text_arena;

TEST_CASE("text_arena keeps texts of any size at their place") {
  text_arena arena;
  std::vector<std::string> originals;
  std::vector<std::string_view> kept;
  std::vector<const char*> places;
  for (std::size_t i = 0; i < 3'000; ++i) {
    originals.emplace_back(i % 97, static_cast<char>('a' + i % 26));
    if (i == 1'000) originals.back() = std::string(200'000, 'L');
    kept.push_back(arena.store(originals.back()));
    places.push_back(kept.back().data());
  }
  for (std::size_t i = 0; i < kept.size(); ++i) {
    CHECK(kept[i] == originals[i]);
    CHECK(kept[i].data() == places[i]);
  }
}

TEST_CASE("text_arena keeps texts through its own move") {
  static_assert(!std::is_copy_constructible_v<text_arena>, "a copy would share the last block");
  text_arena arena;
  const std::string_view before = arena.store("before the move");
  text_arena moved = std::move(arena);
  const std::string_view after = moved.store("after it");
  arena = text_arena();
  const std::string_view fresh = arena.store("in the emptied one");
  CHECK(before == "before the move");
  CHECK(after == "after it");
  CHECK(fresh == "in the emptied one");
}

TEST_CASE("text_arena stores empty texts, and texts with zero bytes") {
  text_arena arena;
  CHECK(arena.store("").empty());
  const std::string_view zeros("a\0b", 3);
  CHECK(arena.store(zeros) == zeros);
  CHECK(arena.store("").empty());
}

TEST_CASE("text_arena moved from can be used again without touching what it gave away") {
  text_arena arena;
  static_cast<void>(arena.store("first"));
  text_arena moved = std::move(arena);
  const std::string_view a = arena.store("AAAA");  // NOLINT(bugprone-use-after-move): the point
  const std::string_view b = moved.store("BBBB");
  CHECK(a == "AAAA");
  CHECK(b == "BBBB");
}

TEST_CASE("text_arena that is cleared keeps the block that it filled last") {
  text_arena arena;
  arena.clear();
  static_cast<void>(arena.store(std::string(200, 'a')));
  const char* const place = arena.store(std::string(300, 'b')).data();
  arena.clear();
  const std::string_view next = arena.store("next");
  CHECK(next == "next");
  CHECK(next.data() == place);
  CHECK(arena.store(std::string(10'000, 'c')) == std::string(10'000, 'c'));
  CHECK(next == "next");
}
