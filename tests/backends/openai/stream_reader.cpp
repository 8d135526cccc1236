// SPDX-License-Identifier: MIT
#include <outthink/backends/openai/stream_reader.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace outthink::backends;
using nlohmann::json;
using openai_api::stream_reader;

namespace {

const openai_options chat{.operation = openai_operation::chat_completions, .top_logprobs = 2};

std::string events(const std::vector<json>& all, bool done = true) {
  std::string bytes;
  for (const json& one : all) bytes += "data: " + one.dump() + "\n\n";
  return done ? bytes + "data: [DONE]\n\n" : bytes;
}

json chunk(const json& choice) {
  return {{"choices", {choice}}};
}

json document(const std::string& bytes, const openai_options& options, std::size_t piece = 1000) {
  stream_reader reader(options);
  for (std::string_view rest = bytes; !rest.empty();
       rest.remove_prefix(std::min(piece, rest.size()))) {
    reader.feed(rest.substr(0, piece));
  }
  return reader.document();
}

// As vLLM sends them.
const std::string kCompletion = events(
    {chunk({{"index", 0},
            {"text", "4 "},
            {"finish_reason", nullptr},
            {"stop_reason", nullptr},
            {"logprobs",
             {{"tokens", {"4", " "}},
              {"token_logprobs", {-0.5, -1.0}},
              {"top_logprobs", {{{"4", -0.5}, {"5", -2.5}}, {{" ", -1.0}, {"+", -3.0}}}}}}}),
     chunk(
         {{"index", 0},
          {"text", "+"},
          {"finish_reason", "stop"},
          {"stop_reason", "\n"},
          {"logprobs",
           {{"tokens", {"+"}}, {"token_logprobs", {-0.25}}, {"top_logprobs", {{{"+", -0.25}}}}}}}),
     {{"choices", json::array()}, {"usage", {{"prompt_tokens", 9}, {"completion_tokens", 3}}}}});

}  // namespace

TEST_CASE("stream_reader: a stream gives the document that would have come at once") {
  const json expected = {
      {"choices",
       {{{"index", 0},
         {"text", "4 +"},
         {"finish_reason", "stop"},
         {"stop_reason", "\n"},
         {"logprobs",
          {{"tokens", {"4", " ", "+"}},
           {"token_logprobs", {-0.5, -1.0, -0.25}},
           {"top_logprobs",
            {{{"4", -0.5}, {"5", -2.5}}, {{" ", -1.0}, {"+", -3.0}}, {{"+", -0.25}}}}}}}}},
      {"usage", {{"prompt_tokens", 9}, {"completion_tokens", 3}}}};
  for (std::size_t piece = 1; piece < 80; ++piece) {
    CHECK(document(kCompletion, {}, piece) == expected);
  }
}

TEST_CASE("stream_reader: a chat's pieces are its message") {
  const auto token = [](const char* text, double logprob) -> json {
    return {{"token", text},
            {"logprob", logprob},
            {"top_logprobs",
             {{{"token", text}, {"logprob", logprob}}, {{"token", "?"}, {"logprob", -4}}}}};
  };
  const std::string bytes =
      events({chunk({{"index", 0}, {"delta", {{"role", "assistant"}, {"content", ""}}}}),
              chunk({{"index", 0},
                     {"delta", {{"content", "4"}}},
                     {"logprobs", {{"content", {token("4", -1)}}}}}),
              chunk({{"index", 0},
                     {"delta", {{"content", "2"}}},
                     {"logprobs", {{"content", {token("2", -2)}}}}}),
              chunk({{"index", 0}, {"delta", json::object()}, {"finish_reason", "length"}})});
  const json made = document(bytes, chat);
  const json& choice = made["choices"][0];
  CHECK(choice["message"]["content"] == "42");
  CHECK(choice["finish_reason"] == "length");
  CHECK(choice["logprobs"]["content"].size() == 2);
  stream_reader reader(chat);
  reader.feed(bytes);
  const auto so_far = reader.so_far();
  CHECK(so_far.text == "42");
  CHECK(std::vector<float>(so_far.logprobs.begin(), so_far.logprobs.end()) ==
        std::vector<float>{-1, -2});
  CHECK(std::vector<float>(so_far.confidences.begin(), so_far.confidences.end()) ==
        std::vector<float>{2.5F, 3});
}

TEST_CASE("stream_reader: a token's confidence is that of so many likeliest, a drawn one aside") {
  stream_reader reader({.top_logprobs = 2});
  reader.feed(events({chunk({{"text", "a"},
                             {"logprobs",
                              {{"token_logprobs", {-9.0}},
                               {"top_logprobs", {{{"b", -1.0}, {"a", -9.0}, {"c", -2.0}}}}}}})},
                     false));
  REQUIRE(reader.so_far().confidences.size() == 1);
  CHECK(reader.so_far().confidences[0] == 1.5F);
  CHECK(!reader.stopped());
}

TEST_CASE(
    "stream_reader: what was enough counts as cut off at its length, wherever the bytes were") {
  openai_options options;
  std::vector<std::string> asked;
  options.enough = [&](const streamed_text& so_far) {
    asked.emplace_back(so_far.text);
    return so_far.logprobs.size() >= 2;
  };
  const json expected = {{"prompt_tokens", 0}, {"completion_tokens", 2}};
  for (const std::size_t piece : {1U, 7U, 1000U}) {
    asked.clear();
    const json made = document(kCompletion, options, piece);
    CHECK(made["choices"][0]["text"] == "4 ");
    CHECK(made["choices"][0]["finish_reason"] == "length");
    CHECK(made["usage"] == expected);
    CHECK(asked == std::vector<std::string>{"4 "});
  }
}

TEST_CASE("stream_reader: it is not asked whether the last piece is enough") {
  openai_options options;
  options.enough = [](const streamed_text& so_far) { return so_far.text == "4 +"; };
  CHECK(document(kCompletion, options)["choices"][0]["finish_reason"] == "stop");
}

TEST_CASE("stream_reader: what throws instead of saying whether it is enough is final") {
  openai_options options;
  options.enough = [](const streamed_text&) -> bool { throw std::runtime_error("too sad"); };
  CHECK_THROWS_WITH_AS((void)document(kCompletion, options), doctest::Contains("too sad"),
                       outthink::error);
}

TEST_CASE("stream_reader: a stream that breaks off is an error that may pass") {
  const std::string half = kCompletion.substr(0, kCompletion.find("\n\n") + 20);
  CHECK_THROWS_WITH_AS((void)document(half, {}), "the stream breaks off", std::runtime_error);
}

TEST_CASE("stream_reader: events that are no answer are errors") {
  CHECK_THROWS_AS((void)document("data: {\"a\"\n\n", {}), json::parse_error);
  CHECK_THROWS_AS((void)document("data: 5\n\n", {}), std::runtime_error);
  CHECK_THROWS_AS((void)document("data: {\"choices\": [5]}\n\n", {}), std::runtime_error);
  CHECK_THROWS_WITH((void)document(events({{{"error", {{"message", "out of memory"}}}}}), {}),
                    doctest::Contains("out of memory"));
  CHECK_THROWS_AS((void)document("", {}), std::runtime_error);
}

TEST_CASE("stream_reader: any wrong type is passed over or an error, never more") {
  for (const json& odd : std::vector<json>{nullptr, 5, "x", json::array(), json::object(), true}) {
    for (const char* member : {"text", "delta", "logprobs", "finish_reason", "stop_reason"}) {
      for (const auto& options : {openai_options{}, chat}) {
        json choice{{"text", "a"}, {"delta", {{"content", "a"}}}};
        choice[member] = odd;
        (void)document(events({chunk(choice)}), options);
      }
    }
    for (const char* member : {"content", "tokens", "token_logprobs", "top_logprobs"}) {
      (void)document(events({chunk({{"text", "a"}, {"logprobs", {{member, odd}}}})}), chat);
      (void)document(events({chunk({{"text", "a"}, {"logprobs", {{member, {odd}}}}})}), chat);
    }
  }
}
