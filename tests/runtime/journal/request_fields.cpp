// SPDX-License-Identifier: MIT
#include <outthink/runtime/journal/request_fields.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace outthink;

TEST_CASE("request_fields: a rule and a stream are written to the letter, for keys hang on it") {
  std::string text;
  json_writer out(text);
  write_rule({.delimiter = "\n", .max_tokens = 7, .max_total_tokens = 9, .stops = {"a", "\""}},
             out);
  write_stream({.key = 18446744073709551615U, .place = 0}, out);
  out.end();
  CHECK(text == R"({"delimiter":"\n","stops":["a","\""],"step_tokens":7,"solution_tokens":9,)"
                R"("key":"18446744073709551615","place":"0"})");
}
