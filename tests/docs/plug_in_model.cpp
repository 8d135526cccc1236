// SPDX-License-Identifier: MIT
// Snippets of docs/how-to/plug-in-your-model.md and of docs/reference/backends.md.
#include "../archetypes/token_model.hpp"
#include <outthink/interop/any_service.hpp>
#include <outthink/outthink.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <span>
#include <string>
#include <vector>

using namespace outthink;

namespace {

/// Stands for a client of a completion server: it writes "step\nend", and stops where it is told
/// to.
struct client {
  struct reply {
    std::string text, stop_reason;
    std::uint32_t tokens = 0;
  };

  static reply complete(const std::string& prompt, const std::vector<std::string>& stop,
                        std::uint32_t max_tokens) {
    if (prompt == "fail\n") return {"overloaded", "error", 0};
    if (max_tokens < 5) return {"st", "length", max_tokens};
    if (prompt.ends_with("step\n")) return {"end", "end", 3};
    if (!stop.empty()) return {"step", "stop", 5};
    return {"step\nend", "end", 8};
  }
};

/// A server that knows of stop texts, which it cuts off, but not of steps.
struct completion_server {
  using request = generation_request;
  using response = generation;

  std::vector<generation> answer(std::span<const generation_request> batch) const {
    std::vector<generation> answers;
    for (const generation_request& asked : batch) answers.push_back(complete(asked));
    return answers;
  }

  static generation complete(const generation_request& asked) {
    const std::string& delimiter = asked.rule->delimiter;
    std::vector<std::string> stop;
    if (asked.until == extent::step && !delimiter.empty()) stop.push_back(delimiter);
    const client::reply reply = client::complete(asked.trace.text(), stop, asked.max_tokens);

    generation made;
    made.text = reply.text;
    made.spent.tokens_written = reply.tokens;
    if (reply.stop_reason == "stop") {
      made.text += delimiter;  // a step keeps what ends it
      made.ended = finish::step_end;
    } else if (reply.stop_reason == "length") {
      made.ended = finish::length;
    } else if (reply.stop_reason == "error") {
      made.ended = finish::failed;  // fails this search alone; `text` says why
    }
    return made;
  }
};

static_assert(language_model<completion_server>);

}  // namespace

TEST_CASE("docs: a server with stop texts gives the same solutions step by step and at once") {
  completion_server server;
  const auto searched =
      solve("p\n", server, beam_search{.width = 1, .expand = 1}, no_verifier{}, majority_vote{});
  const auto sampled =
      solve("p\n", server, repeated_sampling{.n = 1}, no_verifier{}, majority_vote{});
  CHECK(searched.answer == "step\nend");
  CHECK(sampled.answer == "step\nend");
  CHECK(searched.best().step_ends == sampled.best().step_ends);
}

TEST_CASE("docs: a server's failure is its search's failure") {
  completion_server server;
  const std::vector<problem> problems{"p\n", "fail\n"};
  no_verifier none;
  const auto outcomes =
      solve_all(problems, server, repeated_sampling{.n = 2}, none, majority_vote{});
  CHECK(outcomes[0].status == outcome_status::answered);
  CHECK(outcomes[1].message == "a service could not answer: language model: overloaded");
}

TEST_CASE("docs: recorded answers take the place of a model") {
  backends::replay log;
  log.record("What is 6 * 7?\n", {.text = "42", .tokens = 3});
  log.record("What is 6 * 7?\n", {.text = "48", .tokens = 3});
  log.record("What is 6 * 7?\n", {.text = "42", .tokens = 3});

  const outcome result =
      solve("What is 6 * 7?\n", log, repeated_sampling{.n = 3}, no_verifier{}, majority_vote{});

  CHECK(result.answer == "42");
  CHECK(result.spent.tokens == 9);
}

TEST_CASE("docs: a language model is chosen at run time") {
  for (const bool from_server : {true, false}) {
    completion_server server;
    backends::replay log;
    log.record("p\n", {.text = "step\nend", .tokens = 8});

    any_language_model model = log;
    if (from_server) model = server;
    const outcome result =
        solve("p\n", model, repeated_sampling{.n = 1}, no_verifier{}, majority_vote{});

    CHECK(result.answer == "step\nend");
  }
}

TEST_CASE("docs: a decoder owns an engine or refers to it") {
  archetypes::coin_model engine(32);
  default_sampler my_sampler;

  decoder owner{archetypes::coin_model(32)};
  decoder borrower{engine};  // the engine outlives it
  decoder tuned{engine, {.rows = 64}, my_sampler};

  const auto of = [](auto& model) {
    return solve("p", model, repeated_sampling{.n = 9}, no_verifier{}, majority_vote{}).answer;
  };
  CHECK(of(owner) == of(borrower));
  CHECK(of(owner) == of(tuned));
}

TEST_CASE("docs: a stage of one's own forbids a token") {
  archetypes::coin_model engine(32);

  const auto forbid_1 = [](std::span<float> logits, const sampling_options&) {
    logits[1] = -std::numeric_limits<float>::infinity();
  };
  decoder zeros{engine, {}, sampler_chain{forbid_1}};

  const outcome result =
      solve("p", zeros, repeated_sampling{.n = 9}, no_verifier{}, majority_vote{});
  for (const candidate& made : result.candidates)
    CHECK(made.solution.find('1') == std::string::npos);
}
