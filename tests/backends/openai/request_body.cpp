// SPDX-License-Identifier: MIT
#include "asked.hpp"
#include <outthink/backends/openai/request_body.hpp>
#include <outthink/core/error.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

using namespace outthink;
using backends::openai_operation;
using backends::openai_options;
using backends::openai_api::reply_context;
using backends::openai_api::request_ending;
using backends::openai_api::request_opening;
using backends::openai_api::seed_of;
using nlohmann::json;

namespace {

/// The body that asks for so many continuations of the trace, each of another stream.
json request_body(const generation_request& asked, const openai_options& options,
                  std::uint32_t choices = 1) {
  std::vector<reply_context> siblings;
  for (std::uint32_t i = 0; i < choices; ++i) {
    siblings.push_back(
        {{}, false, 0, {asked.stream.key, asked.stream.place + i}, asked.ordinal + i});
  }
  return json::parse(request_opening(asked, options) + request_ending(siblings, options));
}

}  // namespace

TEST_CASE("request_body: a step is asked for by the delimiter as a stop text, which stays in it") {
  test::asked trace("1 2\n", {"1 + 2 = 3\n"});
  trace.rule.stops = {"END"};
  const json body = request_body(trace.request(), {.model = "m"});
  const json expected = {{"model", "m"},          {"prompt", "1 2\n1 + 2 = 3\n"},
                         {"max_tokens", 7},       {"temperature", 0.5},
                         {"top_p", 1.0},          {"seed", seed_of({11, 13})},
                         {"stop", {"\n", "END"}}, {"include_stop_str_in_output", true},
                         {"logprobs", 1}};
  CHECK(body == expected);
}

TEST_CASE("request_body: a whole solution stops at the rule's stop texts alone") {
  test::asked trace("p", {});
  CHECK(!request_body(trace.request(extent::solution), {}).contains("stop"));
  trace.rule.stops = {"END"};
  CHECK(request_body(trace.request(extent::solution), {})["stop"] == json{"END"});
}

TEST_CASE("request_body: in a chat the steps begin the assistant's message, which goes on") {
  test::asked trace("question", {"one\n", "two\n"});
  const openai_options chat{.operation = openai_operation::chat_completions};
  const json body = request_body(trace.request(), chat);
  const json messages = {{{"role", "user"}, {"content", "question"}},
                         {{"role", "assistant"}, {"content", "one\ntwo\n"}}};
  CHECK(body["messages"] == messages);
  CHECK(body["continue_final_message"] == true);
  CHECK(body["add_generation_prompt"] == false);
  CHECK(body["logprobs"] == true);
  test::asked fresh("question", {});
  const json first = request_body(fresh.request(), chat);
  CHECK(first["messages"].size() == 1);
  CHECK(!first.contains("continue_final_message"));
}

TEST_CASE("request_body: seeds differ with the stream and are numbers that JSON keeps") {
  CHECK(seed_of({1, 2}) != seed_of({2, 1}));
  CHECK(seed_of({1, 2}) == seed_of({1, 2}));
  for (std::uint64_t place = 0; place < 1000; ++place) CHECK(seed_of({7, place}) < (1ULL << 53));
}

TEST_CASE("request_body: bytes that are no UTF-8 are refused, and carried by the extension") {
  test::asked trace("\xFF\n", {"a\n", "b\n"});
  CHECK_THROWS_WITH_AS((void)request_body(trace.request(), {}), doctest::Contains("UTF-8"), error);
  const json body = request_body(trace.request(), {.exact = true});
  CHECK(body["prompt"] == "\xC3\xBF\na\nb\n");
  const json extension = {{"streams", json::array({json::array({"11", "13"})})},
                          {"ordinals", {2}},
                          {"problem_bytes", 2},
                          {"until", "step"},
                          {"delimiter", "\n"}};
  CHECK(body["outthink"] == extension);
  CHECK(body["stop"] == json::array());
  CHECK(!body.contains("include_stop_str_in_output"));
}

TEST_CASE("request_body: top_k is sent where it is used") {
  test::asked trace("p", {});
  generation_request asked = trace.request();
  CHECK(!request_body(asked, {}).contains("top_k"));
  asked.sampling.top_k = 5;
  CHECK(request_body(asked, {})["top_k"] == 5);
}

TEST_CASE("request_body: likeliest tokens and streams are asked for as each operation has them") {
  test::asked trace("p", {});
  const openai_options plain{.top_logprobs = 5, .stream = true};
  const json body = request_body(trace.request(), plain);
  CHECK(body["logprobs"] == 5);
  CHECK(body["stream"] == true);
  CHECK(body["stream_options"] == json{{"include_usage", true}});
  const openai_options chat{.operation = openai_operation::chat_completions, .top_logprobs = 5};
  const json message = request_body(trace.request(), chat);
  CHECK(message["logprobs"] == true);
  CHECK(message["top_logprobs"] == 5);
  CHECK(!message.contains("stream"));
}

TEST_CASE("request_body: several continuations are asked for by n, with the seed of the first") {
  test::asked trace("p", {"a\n"});
  for (const auto operation : {openai_operation::completions, openai_operation::chat_completions}) {
    const openai_options options{.operation = operation};
    json several = request_body(trace.request(), options, 3);
    CHECK(several["n"] == 3);
    several.erase("n");
    CHECK(several == request_body(trace.request(), options));
  }
}

TEST_CASE("request_body: the extension says the stream and the ordinal of every continuation") {
  test::asked trace("p", {"a\n"});
  const json body = request_body(trace.request(), {.exact = true}, 2);
  CHECK(body["n"] == 2);
  CHECK(body["outthink"]["streams"] ==
        json::array({json::array({"11", "13"}), json::array({"11", "14"})}));
  CHECK(body["outthink"]["ordinals"] == json{2, 3});
}

TEST_CASE("request_opening: is equal where only stream and ordinal differ") {
  test::asked trace("p", {"a\n"}), other("p", {"b\n"});
  for (const openai_options& options :
       {openai_options{}, openai_options{.exact = true},
        openai_options{.operation = openai_operation::chat_completions}}) {
    const std::string opening = request_opening(trace.request(), options);
    const auto differs = [&](auto change) {
      generation_request asked = trace.request();
      change(asked);
      return request_opening(asked, options) != opening;
    };
    CHECK(!differs([](generation_request& r) { r.stream = {1, 2}; }));
    CHECK(!differs([](generation_request& r) { r.ordinal = 7; }));
    CHECK(differs([&](generation_request& r) { r.trace = other.request().trace; }));
    CHECK(differs([](generation_request& r) { r.until = extent::solution; }));
    CHECK(differs([](generation_request& r) { r.max_tokens = 8; }));
    CHECK(differs([](generation_request& r) { r.sampling.temperature = 0.25F; }));
    CHECK(differs([](generation_request& r) { r.sampling.top_k = 3; }));
    CHECK(differs([](generation_request& r) { r.sampling.top_p = 0.5F; }));
    step_rule rule;
    rule.stops = {"END"};
    CHECK(differs([&](generation_request& r) { r.rule = &rule; }));
  }
}
