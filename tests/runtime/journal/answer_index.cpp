// SPDX-License-Identifier: MIT
#include <outthink/core/random_stream.hpp>
#include <outthink/runtime/journal/answer_index.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

using namespace outthink;
using outthink::detail::answer_index;
using outthink::detail::answer_place;

TEST_CASE("answer_index finds what a map finds, also where keys share their slots") {
  answer_index index;
  CHECK(index.find({1, 2}) == nullptr);
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::int64_t> reference;
  random_stream random({.key = 7, .place = 1});
  for (std::int64_t id = 1; id <= 5000; ++id) {
    // Few different first halves, and of those many that end in the same bits.
    const digest key{std::uint64_t{random.below(40)} << random.below(40), random.below(100)};
    index.add(key, {.file = 3, .id = id});
    reference.try_emplace({key.first, key.second}, id);  // the first one stays
    CHECK(index.size() == reference.size());
  }
  for (const auto& [key, id] : reference) {
    const answer_place* const found = index.find({key.first, key.second});
    REQUIRE(found != nullptr);
    CHECK(found->id == id);
    CHECK(found->file == 3);
    if (!reference.contains({key.first, key.second + 1000})) {
      CHECK(index.find({key.first, key.second + 1000}) == nullptr);
    }
  }
}
