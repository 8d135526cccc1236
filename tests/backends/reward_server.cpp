// SPDX-License-Identifier: MIT
// tests/backends/openai.cpp compares it with the value model in process.
#include "../support/fault_server.hpp"
#include "openai/asked.hpp"
#include <outthink/backends/reward_server.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <string>

using namespace outthink;
using backends::reward_server;
using backends::step_scores;
using nlohmann::json;
using outthink::test::fault_server;
using outthink::test::reply;

namespace {

bool has(const std::string& text, const std::string& words) {
  if (text.find(words) != std::string::npos) return true;
  MESSAGE(text);
  return false;
}

score_request request_of(const test::asked& trace, std::uint32_t from) {
  return {.trace = {trace.tree, trace.at}, .from = from, .rule = &trace.rule, .stream = {}};
}

}  // namespace

TEST_CASE("step_scores: sends the problem and its steps, bytes where they are no UTF-8") {
  test::asked trace("p\n", {"a\n", "b\n"});
  const json expected{
      {"prompt", "p\n"}, {"steps", {"a\n", "b\n"}}, {"from", 1}, {"finished", false}};
  CHECK(step_scores{}.write(request_of(trace, 1)) == expected);
  trace.tree.set_status(trace.at, node_status::finished);
  CHECK(step_scores{}.write(request_of(trace, 1))["finished"] == true);
  test::asked bytes("\xC3\xA9", {"\xFF"});
  const json body = step_scores{}.write(request_of(bytes, 0));
  CHECK(body["bytes"] == true);
  CHECK(body["prompt"] == "\xC3\x83\xC2\xA9");
  CHECK(body["steps"][0] == "\xC3\xBF");
}

TEST_CASE("step_scores: reads scores and cost; null is NaN") {
  const verdict made = step_scores{}.read(
      json::parse(R"({"scores": [0.25, null], "usage": {"tokens_read": 5, "flops": 2e9}})"));
  REQUIRE(made.scores.size() == 2);
  CHECK(made.scores[0] == 0.25F);
  CHECK(std::isnan(made.scores[1]));
  CHECK(made.spent == cost{.tokens_read = 5, .flops = 2e9});
  CHECK(step_scores{}.read(json::parse(R"({"scores": [1]})")).spent == cost{});
}

TEST_CASE("reward_server: a mapping of one's own, and failures as verdicts") {
  struct by_length {
    json write(const score_request& asked) const { return {{"text", asked.trace.text()}}; }
    verdict read(const json& from) const {
      verdict made;
      made.scores.push_back(from.at("data").at(0).at("score").get<float>());
      return made;
    }
  };
  fault_server server([](std::size_t i, const std::string& request) {
    CHECK(test::body_of(request) == R"({"text":"pa"})");
    return i == 0 ? reply(200, R"({"data": [{"score": 0.5}]})") : reply(200, R"({"data": []})");
  });
  reward_server judge(server.url(), by_length{});
  test::asked trace("p", {"a"});
  const score_request asked = request_of(trace, 0);
  CHECK(judge.answer({&asked, 1}).at(0).scores[0] == 0.5F);
  const verdict failed = judge.answer({&asked, 1}).at(0);
  CHECK(failed.scores.size() == 0);
  CHECK(has(failed.failure, "POST " + server.url()));
}
