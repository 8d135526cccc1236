// SPDX-License-Identifier: MIT
#include <outthink/backends/openai/token_logprobs.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <utility>
#include <vector>

using nlohmann::json;
using outthink::backends::openai_api::for_each_token;
using outthink::backends::openai_api::likeliest_confidence;

namespace {

std::vector<std::pair<json, json>> tokens_of(const json& logprobs) {
  std::vector<std::pair<json, json>> tokens;
  for_each_token(logprobs, [&](const json& logprob, const json& likeliest) {
    tokens.emplace_back(logprob, likeliest);
  });
  return tokens;
}

}  // namespace

TEST_CASE("for_each_token reads a completion's lists and a chat's tokens alike") {
  const std::vector<std::pair<json, json>> lists{{-0.5, {{"4", -0.5}}}, {nullptr, nullptr}};
  CHECK(tokens_of({{"token_logprobs", {-0.5, nullptr}}, {"top_logprobs", {{{"4", -0.5}}}}}) ==
        lists);
  const json top = json::array({{{"token", "4"}, {"logprob", -0.5}}});
  const std::vector<std::pair<json, json>> tokens{{-0.5, top}, {-2, nullptr}};
  CHECK(tokens_of({{"content", {{{"logprob", -0.5}, {"top_logprobs", top}}, {{"logprob", -2}}}}}) ==
        tokens);
}

TEST_CASE("for_each_token finds no token in anything else") {
  for (const json& odd : {json(), json(5), json::array({1}), json::object(),
                          json{{"content", "text"}}, json{{"token_logprobs", {{"a", 1}}}}}) {
    CHECK(tokens_of(odd).empty());
  }
}

TEST_CASE("likeliest_confidence is minus the mean of so many largest log-probabilities") {
  const json chat = json::array({{{"logprob", -9.0}}, {{"logprob", -1.0}}, {{"logprob", -2.0}}});
  const json completion = {{"a", -9.0}, {"b", -1.0}, {"c", -2.0}};
  for (const json& likeliest : {chat, completion}) {
    CHECK(likeliest_confidence(likeliest, 1) == 1);
    CHECK(likeliest_confidence(likeliest, 2) == 1.5F);
    CHECK(likeliest_confidence(likeliest, 20) == 4);  // of those that are there
  }
}

TEST_CASE("likeliest_confidence is NaN where a server says nothing") {
  for (const json& nothing : {json(), json::array(), json::object(), json{{"a", nullptr}}}) {
    const float confidence = likeliest_confidence(nothing, 20);
    CHECK(confidence != confidence);
  }
}
