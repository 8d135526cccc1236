// SPDX-License-Identifier: MIT
#include "formats.hpp"
#include <outthink/runtime/journal/comparison_format.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace outthink;
using test::read_back;
using test::written;

static_assert(record_format<comparison_format, comparison_request, comparison>);

TEST_CASE("comparison_format: request and answer are JSON, and the answer reads back") {
  const comparison_request asked{"p", "a", "b", {.key = 1, .place = 2}};
  CHECK(nlohmann::json::parse(written(comparison_format{}, asked)) ==
        nlohmann::json{
            {"problem", "p"}, {"first", "a"}, {"second", "b"}, {"key", "1"}, {"place", "2"}});
  comparison answer;
  answer.first_wins = 0.3F;
  CHECK(read_back(comparison_format{}, answer).first_wins == 0.3F);
  CHECK(comparison_format::answered(answer));
  answer.failure = "no";
  CHECK_FALSE(comparison_format::answered(answer));
}
