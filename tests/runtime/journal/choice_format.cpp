// SPDX-License-Identifier: MIT
#include "formats.hpp"
#include <outthink/runtime/journal/choice_format.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <limits>
#include <string_view>

using namespace outthink;
using test::read_back;
using test::written;

static_assert(record_format<choice_format, choice_request, choice>);

TEST_CASE("choice_format: request and answer are JSON, and the answer reads back") {
  const std::array<std::string_view, 2> texts{"a", "b"};
  const choice_request asked{"p", texts, {.key = 1, .place = 2}};
  CHECK(nlohmann::json::parse(written(choice_format{}, asked)) ==
        nlohmann::json{{"problem", "p"}, {"texts", {"a", "b"}}, {"key", "1"}, {"place", "2"}});
  choice answer;
  for (const std::size_t chosen : {std::size_t{0}, std::numeric_limits<std::size_t>::max()}) {
    answer.chosen = chosen;
    CHECK(read_back(choice_format{}, answer).chosen == chosen);
  }
  CHECK(choice_format::answered(answer));
  answer.failure = "no";
  CHECK_FALSE(choice_format::answered(answer));
}
