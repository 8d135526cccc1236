// SPDX-License-Identifier: MIT
#include "../archetypes/language_model.hpp"
#include <outthink/backends/scripted.hpp>
#include <outthink/verifiers/prompt_batch.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

using outthink::finish;
using outthink::generation;
using outthink::generation_request;
using outthink::random_stream;
using outthink::verdict;
using outthink::backends::scripted;
using outthink::verifiers::prompt_batch;
using outthink::verifiers::reply_options;
using outthink::verifiers::detail::take_reply;

namespace {

/// Answers with one generation too few.
struct loses_one {
  using request = generation_request;
  using response = generation;
  std::vector<generation> answer(std::span<const generation_request> batch) const {
    return std::vector<generation>(batch.size() - 1);
  }
};

}  // namespace

TEST_CASE("prompt_batch gives the replies to each prompt together, in order") {
  std::vector<generation_request> seen;
  scripted model([&](const generation_request& asked, random_stream&) {
    seen.push_back(asked);
    return asked.trace.text() + std::to_string(asked.ordinal);
  });
  prompt_batch prompts({.max_tokens = 17, .stops = {"."}});
  prompts.add("a", 2, {.key = 1, .place = 5});
  prompts.add("b", 0, {.key = 1, .place = 6});
  prompts.add("c", 1, {.key = 1, .place = 7});
  std::vector<std::string> texts;
  for (const generation& reply : prompts.ask(model)) texts.push_back(reply.text);
  CHECK(texts == std::vector<std::string>{"a0", "a1", "c0"});
  REQUIRE(seen.size() == 3);
  CHECK_FALSE(seen[0].stream == seen[1].stream);
  CHECK_FALSE(seen[0].stream == seen[2].stream);
  for (const generation_request& one : seen) {
    CHECK(one.until == outthink::extent::solution);
    CHECK(one.max_tokens == 17);
    CHECK(one.sampling.temperature == 0.7F);
  }
}

TEST_CASE("prompt_batch hands the model the limits and stop texts of its replies") {
  bool stops = false;
  scripted model([&](const generation_request& asked, random_stream&) {
    stops = asked.rule->stops_at("the end.") && asked.rule->first_step("a\nb") == 3;
    return std::string("x");
  });
  prompt_batch prompts({.stops = {"."}});
  prompts.add("a", 1, {});
  static_cast<void>(prompts.ask(model));
  CHECK(stops);
}

TEST_CASE("prompt_batch sends at most max_batch requests in one call") {
  std::vector<std::size_t> calls;
  struct counting {
    using request = generation_request;
    using response = generation;
    std::vector<std::size_t>* calls;
    std::vector<generation> answer(std::span<const generation_request> batch) const {
      calls->push_back(batch.size());
      return std::vector<generation>(batch.size());
    }
  } model{&calls};
  prompt_batch prompts({.max_batch = 4});
  for (int i = 0; i < 3; ++i) prompts.add("p", 3, {});
  CHECK(prompts.ask(model).size() == 9);
  CHECK(calls == std::vector<std::size_t>{4, 4, 1});
}

TEST_CASE("prompt_batch refuses a wrong number of replies and options out of range") {
  prompt_batch prompts(reply_options{});
  prompts.add("p", 3, {});
  loses_one model;
  CHECK_THROWS_AS(static_cast<void>(prompts.ask(model)), outthink::error);
  CHECK_THROWS_AS(prompt_batch({.max_tokens = 0}), outthink::error);
  CHECK_THROWS_AS(prompt_batch({.max_batch = 0}), outthink::error);
}

TEST_CASE("take_reply charges every reply and notes the first failure") {
  verdict made;
  generation reply;
  reply.spent = {.tokens_read = 3, .tokens_written = 2, .flops = 8, .money = 0.5};
  CHECK(take_reply(reply, made));
  reply.ended = finish::failed;
  reply.text = "first";
  CHECK_FALSE(take_reply(reply, made));
  reply.text = "second";
  CHECK_FALSE(take_reply(reply, made));
  CHECK(made.failure == "language model: first");
  CHECK(made.spent == outthink::cost{9, 6, 24, 1.5});
}
