// SPDX-License-Identifier: MIT
#include <outthink/backends/openai/reply.hpp>
#include <outthink/core/error.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

using namespace outthink;
using backends::openai_options;
using backends::unclear_stop;
using backends::openai_api::reply_context;
using nlohmann::json;

namespace {

const reply_context step{{"\n", "END"}, true};
const reply_context solution{{"END"}, false};
const reply_context no_stops{{}, false};

json reply(const std::string& text, const std::string& reason = "stop") {
  return {{"choices", {{{"text", text}, {"finish_reason", reason}}}},
          {"usage", {{"prompt_tokens", 9}, {"completion_tokens", 4}}}};
}

json stopped_at(const std::string& text, const json& stop) {
  json made = reply(text);
  made["choices"][0]["stop_reason"] = stop;
  return made;
}

generation read_reply(const json& from, const reply_context& of, const openai_options& options) {
  return backends::openai_api::read_reply(from, {&of, 1}, options).at(0);
}

generation read(const json& from, const reply_context& of, openai_options options = {}) {
  options.logprobs = false;
  return read_reply(from, of, options);
}

/// A reply with these texts, and `written` tokens in all.
json choices(const std::vector<std::string>& texts, int written) {
  json made = reply("");
  made["choices"] = json::array();
  for (const std::string& text : texts) {
    made["choices"].push_back({{"text", text}, {"finish_reason", "length"}});
  }
  made["usage"]["completion_tokens"] = written;
  return made;
}

std::vector<generation> read_all(const json& from, std::uint32_t max_tokens = 100) {
  const std::size_t asked = 3;
  const std::vector<reply_context> siblings(asked, {{}, false, max_tokens});
  return backends::openai_api::read_reply(from, siblings, {.logprobs = false});
}

std::string texts(const std::vector<generation>& made) {
  std::string all;
  for (const generation& one : made) all += one.text;
  return all;
}

}  // namespace

TEST_CASE("read_reply: a step ends with its delimiter, whether the server kept it or cut it off") {
  for (const char* text : {"a", "a\n"}) {
    const generation made = read(stopped_at(text, "\n"), step);
    CHECK(made.text == "a\n");
    CHECK(made.ended == finish::step_end);
  }
  CHECK(read(reply("a\n"), step).ended == finish::step_end);  // kept: that is clear enough
}

TEST_CASE("read_reply: a stop text or the model's own end ends the text") {
  const generation made = read(stopped_at("a", "END"), step);
  CHECK(made.text == "aEND");
  CHECK(made.ended == finish::text_end);
  CHECK(read(stopped_at("a", nullptr), step).text == "a");
  CHECK(read(stopped_at("a", nullptr), step).ended == finish::text_end);
  CHECK(read(stopped_at("a", 151643), step).ended == finish::text_end);
  CHECK(read(stopped_at("a\nb", "END"), solution).text == "a\nbEND");
  CHECK(read(reply("a\nb"), no_stops).ended == finish::text_end);
}

TEST_CASE("read_reply: what a server leaves unclear is refused, or read as the options say") {
  CHECK_THROWS_WITH_AS(read(reply("a"), step), doctest::Contains("openai_options.unclear"), error);
  const generation as_step = read(reply("a"), step, {.unclear = unclear_stop::delimiter});
  CHECK(as_step.text == "a\n");
  CHECK(as_step.ended == finish::step_end);
  const generation as_end = read(reply("a"), step, {.unclear = unclear_stop::text_end});
  CHECK(as_end.text == "a");
  CHECK(as_end.ended == finish::text_end);
}

TEST_CASE("read_reply: a text that was cut is told apart, other reasons are errors") {
  CHECK(read(reply("a", "length"), step).ended == finish::length);
  CHECK_THROWS_WITH_AS(read(reply("a", "content_filter"), step),
                       doctest::Contains("content_filter"), error);
  CHECK_THROWS_WITH_AS(read(reply("a\nb\n", "length"), step), doctest::Contains("ignores `stop`"),
                       error);
}

TEST_CASE("read_reply: tokens are charged as reported, without those that were cached") {
  json from = reply("a", "length");
  CHECK(read(from, step).spent.tokens_written == 4);
  CHECK(read(from, step).spent.tokens_read == 9);
  from["usage"]["prompt_tokens_details"] = {{"cached_tokens", 6}};
  CHECK(read(from, step).spent.tokens_read == 3);
  from["usage"]["prompt_tokens_details"] = nullptr;
  CHECK(read(from, step).spent.tokens_read == 9);
}

TEST_CASE(
    "read_reply: log-probabilities are summed, in a chat's form too, or asked to be turned off") {
  json from = reply("ab", "length");
  from["choices"][0]["logprobs"] = {{"token_logprobs", {nullptr, -0.5, -1.25}}};
  CHECK(read_reply(from, step, {}).logprob == -1.75F);
  from["choices"][0]["logprobs"] = {{"content", {{{"logprob", -0.5}}, {{"logprob", -2.0}}}}};
  CHECK(read_reply(from, step, {}).logprob == -2.5F);
  from["choices"][0]["logprobs"] = nullptr;
  CHECK_THROWS_WITH_AS((void)read_reply(from, step, {}),
                       doctest::Contains("openai_options.logprobs"), error);
}

TEST_CASE("read_reply: a reply without what it must have says what is missing") {
  json from = reply("a", "length");
  from["choices"].push_back(from["choices"][0]);
  CHECK_THROWS_WITH_AS(read(from, step), doctest::Contains("it has 2 choices, 1 was asked for"),
                       error);
  from["choices"] = json::array();
  CHECK_THROWS_WITH_AS(read(from, step), doctest::Contains("0 choices"), error);
  from.erase("choices");
  CHECK_THROWS_WITH_AS(read(from, step), doctest::Contains("no choices"), error);
  from = reply("a", "length");
  from.erase("usage");
  CHECK_THROWS_WITH_AS(read(from, step), doctest::Contains("no usage"), error);
  from = reply("a", "length");
  from["choices"][0]["text"] = 5;
  CHECK_THROWS_AS(read(from, step), error);
  from["choices"][0].erase("text");
  CHECK_THROWS_WITH_AS(read(from, step), doctest::Contains("no text"), error);
  CHECK_THROWS_AS(read(json(5), step), error);
}

TEST_CASE(
    "read_reply: confidences of the likeliest tokens, in both forms, if they were asked for") {
  json from = reply("ab", "length");
  json& logprobs = from["choices"][0]["logprobs"];
  logprobs = {{"token_logprobs", {-1, -9}},
              {"top_logprobs", {{{"a", -1}, {"x", -5}}, {{"b", -9}, {"y", -0.5}, {"z", -1.5}}}}};
  CHECK(read_reply(from, step, {}).confidences.empty());
  const generation lists = read_reply(from, step, {.top_logprobs = 2});
  CHECK(lists.logprob == -10);
  CHECK(lists.confidences == std::vector<float>{3, 1});

  const auto top = [](double likeliest, double next) {
    return json::array({{{"logprob", likeliest}}, {{"logprob", next}}});
  };
  logprobs = {{"content",
               {{{"logprob", -1}, {"top_logprobs", top(-1, -5)}},
                {{"logprob", -9}, {"top_logprobs", top(-0.5, -1.5)}}}}};
  CHECK(read_reply(from, step, {.top_logprobs = 2}).confidences == std::vector<float>{3, 1});

  logprobs = {{"token_logprobs", {-1, -9}}};
  CHECK_THROWS_WITH_AS((void)read_reply(from, step, {.top_logprobs = 2}),
                       doctest::Contains("openai_options.top_logprobs"), error);
  logprobs = {{"token_logprobs", json::array()}};
  CHECK(read_reply(from, step, {.top_logprobs = 2}).confidences.empty());
}

TEST_CASE("read_reply: the extension gives bytes, end, cost and log-probability exactly") {
  json from = reply("\xC3\xBF\n");
  CHECK_THROWS_WITH_AS((void)read_reply(from, {}, {.exact = true}),
                       doctest::Contains("does not know the extension"), error);
  from["choices"][0]["outthink"] = {{"ended", "step_end"},
                                    {"logprob", -0.1F},
                                    {"tokens_read", 3},
                                    {"tokens_written", 2},
                                    {"flops", 1.5e9}};
  const generation made = read_reply(json::parse(from.dump()), {}, {.exact = true});
  CHECK(made.text == "\xFF\n");
  CHECK(made.ended == finish::step_end);
  CHECK(made.logprob == -0.1F);
  CHECK(made.spent == cost{.tokens_read = 3, .tokens_written = 2, .flops = 1.5e9});
  from["choices"][0]["outthink"]["ended"] = "tomorrow";
  CHECK_THROWS_AS((void)read_reply(from, {}, {.exact = true}), error);
}

TEST_CASE("read_reply: several choices are told apart by their index, or else by their place") {
  json from = choices({"a", "b", "c"}, 3);
  CHECK(texts(read_all(from)) == "abc");
  for (int i = 0; i < 3; ++i) from["choices"][static_cast<std::size_t>(i)]["index"] = (i + 1) % 3;
  CHECK(texts(read_all(from)) == "cab");
  for (auto& choice : from["choices"]) choice["index"] = nullptr;
  CHECK(texts(read_all(from)) == "abc");
  from["choices"][2].erase("index");
  CHECK(texts(read_all(from)) == "abc");
}

TEST_CASE("read_reply: choices that are too few, too many or indexed twice are refused") {
  CHECK_THROWS_WITH_AS(read_all(choices({"a", "b"}, 2)),
                       doctest::Contains("it has 2 choices, 3 were asked for"), error);
  CHECK_THROWS_WITH_AS(read_all(choices({"a", "b", "c", "d"}, 4)),
                       doctest::Contains("it has 4 choices, 3 were asked for"), error);
  json from = choices({"a", "b", "c"}, 3);
  from["choices"][1]["index"] = 0;
  CHECK_THROWS_WITH_AS(read_all(from), doctest::Contains("the index 0 of a choice is there twice"),
                       error);
  from["choices"][1]["index"] = 3;
  CHECK_THROWS_WITH_AS(read_all(from), doctest::Contains("the index 3 of a choice is out of range"),
                       error);
  for (const json& odd : std::vector<json>{-1, 0.5, "1", json::array(), 5000000000}) {
    from["choices"][1]["index"] = odd;
    CHECK_THROWS_WITH_AS(read_all(from), doctest::Contains("index is not a count"), error);
  }
  from["choices"][1] = 5;
  CHECK_THROWS_AS(read_all(from), error);
}

TEST_CASE(
    "read_reply: of several choices the first is charged the reading, all share the writing") {
  json from = choices({"a", "b", "c"}, 8);
  const auto written = [](const std::vector<generation>& made) {
    std::vector<std::uint32_t> all;
    for (const generation& one : made) all.push_back(one.spent.tokens_written);
    return all;
  };
  const auto made = read_all(from);
  CHECK(written(made) == std::vector<std::uint32_t>{3, 3, 2});
  CHECK(made[0].spent.tokens_read == 9);
  CHECK(made[1].spent.tokens_read == 0);
  CHECK(made[2].spent.tokens_read == 0);
  CHECK(written(read_all(from, 2)) == std::vector<std::uint32_t>{2, 2, 2});
  from["usage"]["completion_tokens"] = 0;
  CHECK(written(read_all(from)) == std::vector<std::uint32_t>{0, 0, 0});
}

TEST_CASE("read_reply: with the extension every choice has its own counts") {
  json from = choices({"a", "b"}, 7);
  for (std::uint32_t i = 0; i < 2; ++i) {
    from["choices"][i]["index"] = 1 - i;
    from["choices"][i]["outthink"] = {{"ended", "length"},
                                      {"logprob", -1.0F},
                                      {"tokens_read", i},
                                      {"tokens_written", 5 + i},
                                      {"flops", 1}};
  }
  const std::vector<reply_context> siblings(2, {{}, false});
  const auto made = backends::openai_api::read_reply(from, siblings, {.exact = true});
  CHECK(texts(made) == "ba");
  CHECK(made[0].spent.tokens_read == 1);
  CHECK(made[0].spent.tokens_written == 6);
  CHECK(made[1].spent.tokens_written == 5);
}
