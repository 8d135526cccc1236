// SPDX-License-Identifier: MIT
#include "../archetypes/service.hpp"
#include <outthink/concepts/answers_of.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace {

struct loses_one {
  using request = int;
  using response = int;
  std::vector<int> answer(std::span<const int> asked) const {
    return std::vector<int>(asked.size() - 1);
  }
};

}  // namespace

TEST_CASE("answers_of cuts requests into batches and keeps the order of the answers") {
  archetypes::text_measure measure(2);
  const std::vector<std::string> texts{"", "a", "bb", "ccc", "dddd"};
  const std::vector<long> expected{0, 2, 4, 6, 8};
  for (const std::size_t most : {std::size_t{1}, std::size_t{2}, std::size_t{5}, std::size_t{9}}) {
    CHECK(outthink::detail::answers_of(measure, std::span<const std::string>(texts), most) ==
          expected);
  }
  CHECK(outthink::detail::answers_of(measure, std::span<const std::string>(), 3).empty());
}

TEST_CASE("answers_of refuses a wrong number of answers") {
  loses_one service;
  const std::vector<int> asked{1, 2, 3};
  CHECK_THROWS_WITH_AS(
      static_cast<void>(outthink::detail::answers_of(service, std::span<const int>(asked), 2)),
      "a service answered in the wrong number or shape: a service gave 1 answers to 2 requests",
      outthink::error);
}
