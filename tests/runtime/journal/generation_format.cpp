// SPDX-License-Identifier: MIT
#include "formats.hpp"
#include <outthink/core/error.hpp>
#include <outthink/core/search_tree.hpp>
#include <outthink/runtime/journal/generation_format.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <limits>
#include <string>

using namespace outthink;
using test::read_back;
using test::written;

static_assert(record_format<generation_format, generation_request, generation>);

TEST_CASE("generation_format: a request is JSON with all that the trace does not say") {
  const text_tree tree(step_payload{.text = "p"});
  const step_rule rule{.delimiter = "\n", .max_tokens = 7, .max_total_tokens = 9, .stops = {"\"."}};
  const generation_request asked{.trace = {tree, tree.root()},
                                 .rule = &rule,
                                 .until = extent::step,
                                 .max_tokens = 5,
                                 .sampling = {.temperature = 0.7F, .top_k = 3, .top_p = 0.5F},
                                 .stream = {.key = 18446744073709551615U, .place = 2},
                                 .ordinal = 4};
  const auto json = nlohmann::json::parse(written(generation_format{}, asked));
  CHECK(json == nlohmann::json{{"delimiter", "\n"},
                               {"stops", {"\"."}},
                               {"step_tokens", 7},
                               {"solution_tokens", 9},
                               {"until", "step"},
                               {"max_tokens", 5},
                               {"temperature", 0.7},
                               {"top_k", 3},
                               {"top_p", 0.5},
                               {"key", "18446744073709551615"},
                               {"place", "2"},
                               {"ordinal", 4}});
}

TEST_CASE("generation_format: an answer reads back, for every end") {
  for (const finish ended : {finish::step_end, finish::text_end, finish::length}) {
    generation answer;
    answer.text = "any\n\xFF\x01\"";
    answer.ended = ended;
    answer.logprob = -0.1F;
    const generation read = read_back(generation_format{}, answer);
    CHECK(read.text == answer.text);
    CHECK(read.ended == ended);
    CHECK(read.logprob == answer.logprob);
    CHECK(generation_format::answered(answer));
  }
  generation failed;
  failed.ended = finish::failed;
  CHECK_FALSE(generation_format::answered(failed));
}

TEST_CASE(
    "generation_format: what few models report is written where it is there, and reads back") {
  generation answer;
  answer.drawn_logprob = -0.3F;
  answer.confidences = {17.25F, std::numeric_limits<float>::quiet_NaN(), 3};
  const generation read = read_back(generation_format{}, answer);
  CHECK(read.drawn_logprob == -0.3F);
  REQUIRE(read.confidences.size() == 3);
  CHECK(read.confidences[0] == 17.25F);
  CHECK(read.confidences[1] != read.confidences[1]);
  const generation plain = read_back(generation_format{}, generation{});
  CHECK(plain.drawn_logprob != plain.drawn_logprob);
  CHECK(plain.confidences.empty());
  CHECK(written(generation_format{}, generation{}) ==
        R"({"text":"","ended":"text_end","logprob":0})");
}

TEST_CASE("generation_format: an end that is none is refused") {
  json_reader in(R"({"text":"a","ended":"somehow","logprob":0})");
  CHECK_THROWS_AS(static_cast<void>(generation_format::read(in)), error);
}
