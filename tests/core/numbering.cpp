// SPDX-License-Identifier: MIT
#include <outthink/core/numbering.hpp>
#include <outthink/core/random_stream.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <map>
#include <string>

using outthink::numbering;

namespace {

struct collider {  // all have the same hash
  int value;
  friend bool operator==(const collider&, const collider&) = default;
};

}  // namespace

template <>
struct std::hash<collider> {
  std::size_t operator()(const collider&) const { return 42; }
};

TEST_CASE("numbering counts different keys by first appearance") {
  numbering<std::string> numbers;
  CHECK(numbers.find("a") == 0);
  CHECK(numbers.add("a").is_new);
  CHECK(numbers.add("b").number == 1);
  const auto again = numbers.add("a");
  CHECK_FALSE(again.is_new);
  CHECK(again.number == 0);
  CHECK(numbers.size() == 2);
  CHECK(numbers[1] == "b");
  CHECK(numbers.find("b") == 1);
  CHECK(numbers.find("c") == 2);
}

TEST_CASE("numbering agrees with a map, whatever the order and the size") {
  outthink::random_stream random({.key = 1, .place = 1});
  numbering<long> numbers;
  std::map<long, std::size_t> known;
  for (int i = 0; i < 20'000; ++i) {
    const long key = static_cast<long>(random.below(6000)) - 3000;
    REQUIRE(numbers.find(key) == (known.contains(key) ? known[key] : known.size()));
    const auto [at, is_new] = known.try_emplace(key, known.size());
    const auto place = numbers.add(key);
    REQUIRE(place.is_new == is_new);
    REQUIRE(place.number == at->second);
    REQUIRE(numbers[place.number] == key);
  }
}

TEST_CASE("numbering tells keys with the same hash apart") {
  numbering<collider> numbers;
  for (int i = 0; i < 100; ++i) CHECK(numbers.add({i}).number == static_cast<std::size_t>(i));
  for (int i = 0; i < 100; ++i) CHECK_FALSE(numbers.add({i}).is_new);
}
