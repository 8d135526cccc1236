// SPDX-License-Identifier: MIT
// Against the shipped models behind a server, and against a server that misbehaves.
#include "../../examples/support/gguf_server.hpp"
#include "../support/fault_server.hpp"
#include "../support/same_outcome.hpp"
#include <outthink/backends/openai.hpp>
#include <outthink/backends/reward_server.hpp>
#include <outthink/sampling/token_confidence.hpp>
#include <outthink/verifiers/reported_confidence.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <httplib.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace outthink;
using backends::openai;
using backends::reward_server;
using outthink::test::fault_server;
using outthink::test::reaction;
using outthink::test::reply;
using outthink::test::same;

static_assert(asynchronous_service<openai> && language_model<openai>);
static_assert(asynchronous_service<reward_server<>> && verifier<reward_server<>>);

namespace {

bool has(const std::string& text, const std::string& words) {
  if (text.find(words) != std::string::npos) return true;
  MESSAGE(text);
  return false;
}

backends::http::connection_options quick() {
  backends::http::connection_options options;
  options.retry = {.attempts = 2, .first_delay = 0.001, .longest_delay = 0.002};
  return options;
}

std::vector<problem> questions(const task_files& task, std::size_t count) {
  std::vector<problem> some;
  for (const auto& p : spread(load_problems(task.problems, "validation"), count)) {
    some.push_back(p.question);
  }
  return some;
}

/// The same policy in process and through HTTP, twice: with the task's value model here, and there.
template <class Policy, class Aggregator>
void check_same_bits(const task_files& task, const Policy& policy, const Aggregator& aggregate,
                     std::size_t concurrency, int choices = 1) {
  const auto problems = questions(task, 2);
  const solve_options options{.seed = 3, .answer = task.answer};
  decoder model{backends::transformer::load(task.policy)};
  verifiers::value_model judge{backends::transformer::load(task.value),
                               {.score_end = task.score_end}};
  const auto expected = solve_all(problems, model, policy, judge, aggregate, options);
  for (const outcome& o : expected) REQUIRE(o.status == outcome_status::answered);

  gguf_server server(task);
  const std::string url = server.serve_aside();
  backends::http::connection_options connection{.concurrency = concurrency};
  openai served({.url = url + "/v1",
                 .model = "m",
                 .exact = true,
                 .choices = choices,
                 .connection = connection});
  reward_server<> served_judge(url + "/v1/scores", {}, connection);
  CHECK(same(solve_all(problems, served, policy, served_judge, aggregate, options), expected));
  CHECK(same(solve_all(problems, served, policy, judge, aggregate, options), expected));
  std::uint64_t generations = 0;
  for (const outcome& o : expected) generations += 2 * o.spent.model_calls;
  CHECK(served.sent() <= generations);
  CHECK((served.sent() < generations) == (choices > 1));
}

generation ask(openai& model, const std::string& prompt, const step_rule& rule, extent until,
               const sampling_options& sampling = greedy) {
  text_tree tree(step_payload{.text = prompt});
  const generation_request asked{.trace = {tree, tree.root()},
                                 .rule = &rule,
                                 .until = until,
                                 .max_tokens = 64,
                                 .sampling = sampling,
                                 .stream = {1, 2},
                                 .ordinal = 0};
  return model.answer({&asked, 1}).at(0);
}

/// A reply whose choices, last first, say what was asked and which of them they are.
nlohmann::json numbered_choices(const std::string& request) {
  const auto asked = nlohmann::json::parse(outthink::test::body_of(request));
  const int n = asked.value("n", 1);
  nlohmann::json all{{"choices", nlohmann::json::array()},
                     {"usage", {{"prompt_tokens", 9}, {"completion_tokens", 2 * n}}}};
  for (int i = n - 1; i >= 0; --i) {
    const std::string text = fmt::format("{} {} of {}", asked["prompt"].get<std::string>(), i, n);
    all["choices"].push_back(
        {{"index", i}, {"text", text}, {"finish_reason", "stop"}, {"stop_reason", nullptr}});
  }
  return all;
}

}  // namespace

TEST_CASE("openai: a run through HTTP has the bits of the run in process") {
  check_same_bits(game_of_24_task(), repeated_sampling{.n = 8}, majority_vote{}, 64);
  check_same_bits(game_of_24_task(), beam_search{.width = 2, .expand = 4},
                  best_score{step_reduction::product}, 3);
  check_same_bits(chained_arithmetic_task(), dvts{.subtrees = 2, .expand = 2},
                  weighted_vote{step_reduction::min}, 64);
}

// `.ci/thorough` takes the quickstart's 30 problems and its numbers up to 64.
TEST_CASE("openai: the quickstart's table has the bits of the run in process") {
  const char* const wished = std::getenv("OUTTHINK_TABLE_PROBLEMS");
  const std::size_t count = wished ? std::stoul(wished) : 1;
  for (const task_files& task : {game_of_24_task(), chained_arithmetic_task()}) {
    std::vector<problem> problems;
    for (const auto& p : spread(load_problems(task.problems, "test"), count)) {
      problems.push_back(p.question);
    }
    decoder model{backends::transformer::load(task.policy)};
    verifiers::value_model judge{backends::transformer::load(task.value),
                                 {.score_end = task.score_end}};
    gguf_server server(task);
    const std::string url = server.serve_aside();
    openai served({.url = url + "/v1", .model = "m", .exact = true});
    reward_server<> served_judge(url + "/v1/scores", {}, {});
    const auto check = [&](const auto& policy, const auto& aggregate) {
      const solve_options options{.seed = 1, .sampling = task.sampling, .answer = task.answer};
      CHECK(same(solve_all(problems, served, policy, served_judge, aggregate, options),
                 solve_all(problems, model, policy, judge, aggregate, options)));
    };
    const step_reduction by = task.reduction;
    for (const int n : count > 1 ? std::vector{1, 4, 16, 64} : std::vector{1, 4}) {
      const int k = n < 4 ? n : 4;
      const int each = task.tree_value == step_value::rollout ? 1 : task.steps;
      check(repeated_sampling{.n = n}, majority_vote{});
      check(repeated_sampling{.n = n}, best_score{by});
      check(repeated_sampling{.n = n}, weighted_vote{by});
      check(dvts{.subtrees = n / k, .expand = k, .reduction = by}, weighted_vote{by});
      check(
          tree_search{
              .simulations = each * n / k, .expand = k, .value = task.tree_value, .reduction = by},
          best_score{by});
      check(beam_search{.width = n / k, .expand = k, .reduction = by}, best_score{by});
    }
  }
}

TEST_CASE("openai: it has the same bits where a request asks for several continuations") {
  check_same_bits(game_of_24_task(), repeated_sampling{.n = 8}, majority_vote{}, 2, 8);
  check_same_bits(game_of_24_task(), beam_search{.width = 2, .expand = 4},
                  best_score{step_reduction::product}, 3, 8);
  check_same_bits(chained_arithmetic_task(), dvts{.subtrees = 2, .expand = 3},
                  weighted_vote{step_reduction::min}, 64, 2);
}

TEST_CASE("openai: without the extension, steps and solutions keep the contract") {
  gguf_server server(chained_arithmetic_task());
  const std::string url = server.serve_aside() + "/v1";
  const std::string prompt = questions(chained_arithmetic_task(), 1)[0].prompt;
  const step_rule rule;
  decoder local{backends::transformer::load(chained_arithmetic_task().policy)};
  text_tree tree(step_payload{.text = prompt});
  generation_request asked{.trace = {tree, tree.root()},
                           .rule = &rule,
                           .until = extent::step,
                           .max_tokens = 64,
                           .sampling = greedy,
                           .stream = {},
                           .ordinal = 0};
  for (const extent until : {extent::step, extent::solution}) {
    asked.until = until;
    const generation expected = local.answer({&asked, 1}).at(0);
    openai model({.url = url});
    const generation made = ask(model, prompt, rule, until);
    CHECK(made.text == expected.text);
    CHECK(made.ended == expected.ended);
    CHECK(made.spent.tokens_written == expected.spent.tokens_written);
    CHECK(made.logprob == doctest::Approx(expected.logprob).epsilon(1e-4));
  }
  openai chat({.url = url, .operation = backends::openai_operation::chat_completions});
  asked.until = extent::step;
  CHECK(ask(chat, prompt, rule, extent::step).text == local.answer({&asked, 1}).at(0).text);
}

TEST_CASE("openai: what a server answers wrongly fails that request, and says where and what") {
  const auto message_of = [](const reaction& reacts) {
    fault_server server([&](std::size_t, const std::string&) { return reacts; });
    openai model({.url = server.url() + "/v1/", .connection = quick()});
    const generation made = ask(model, "p", {}, extent::step);
    CHECK(made.ended == finish::failed);
    CHECK(made.text.starts_with("POST " + server.url() + "/v1/completions: "));
    return made.text;
  };
  CHECK(
      has(message_of(reply(200, "<html>")), "is not JSON, at attempt 2; the reply begins: <html>"));
  CHECK(has(message_of(reply(200, "{}")), "it has no choices"));
  CHECK(has(message_of(reply(200, R"({"choices":[{},{}]})")), "it has 2 choices, 1 was asked"));
  CHECK(has(message_of(reply(404, "no such model")),
            "status 404; it says: no such model; check the URL"));
}

TEST_CASE("openai: a failing request fails its search alone") {
  fault_server server([](std::size_t, const std::string& request) {
    if (request.find("bad problem") != std::string::npos) return reply(400, "bad problem");
    return reply(200, R"({"choices": [{"text": "ok", "finish_reason": "stop", "stop_reason": null}],
                          "usage": {"prompt_tokens": 3, "completion_tokens": 2}})");
  });
  openai model({.url = server.url(), .logprobs = false});
  const std::vector<problem> problems{"one", "bad problem", "two", "not \xFF UTF-8"};
  no_verifier none;
  const auto outcomes =
      solve_all(problems, model, repeated_sampling{.n = 2}, none, majority_vote{});
  CHECK(outcomes[0].answer == "ok");
  CHECK(outcomes[0].spent.tokens == 4);
  CHECK(outcomes[1].status == outcome_status::failed);
  CHECK(has(outcomes[1].message, "status 400"));
  CHECK(outcomes[2].answer == "ok");
  CHECK(has(outcomes[3].message, "UTF-8"));
}

TEST_CASE("openai: a streamed answer is the one that comes at once") {
  gguf_server server(chained_arithmetic_task());
  const std::string url = server.serve_aside() + "/v1";
  const std::string prompt = questions(chained_arithmetic_task(), 1)[0].prompt;
  for (const auto operation :
       {backends::openai_operation::completions, backends::openai_operation::chat_completions}) {
    for (const extent until : {extent::step, extent::solution}) {
      openai whole({.url = url, .operation = operation});
      openai pieces({.url = url, .operation = operation, .top_logprobs = 3, .stream = true});
      const generation expected = ask(whole, prompt, {}, until);
      const generation made = ask(pieces, prompt, {}, until);
      CHECK(expected.ended != finish::failed);
      CHECK(made.text == expected.text);
      CHECK(made.ended == expected.ended);
      CHECK(made.logprob == doctest::Approx(expected.logprob).epsilon(1e-5));
      CHECK(made.spent == expected.spent);
    }
  }
}

// The confidences of the first solution are DeepConf's published example.
TEST_CASE("openai: likeliest tokens of a server's replies become confidences, and those a vote") {
  const std::vector<std::pair<std::string, std::vector<double>>> solutions{
      {"A", {3, 1, 1, 5}}, {"A", {1, 1, 2, 2}}, {"B", {6, 6, 6, 4}}, {"A", {2, 2, 2, 0}}};
  fault_server server([&](std::size_t i, const std::string& request) {
    CHECK(request.find(R"("top_logprobs":2)") != std::string::npos);
    const auto& [answer, confidences] = solutions.at(i % 4);
    nlohmann::json tokens = nlohmann::json::array();
    for (const double one : confidences) {
      const nlohmann::json top{{{"token", "x"}, {"logprob", -one / 2}},
                               {{"token", "y"}, {"logprob", -one * 3 / 2}}};
      tokens.push_back({{"token", "x"}, {"logprob", -one / 2}, {"top_logprobs", top}});
    }
    const nlohmann::json choice{{"message", {{"role", "assistant"}, {"content", answer}}},
                                {"finish_reason", "stop"},
                                {"logprobs", {{"content", tokens}}}};
    const nlohmann::json usage{{"prompt_tokens", 3}, {"completion_tokens", 4}};
    return reply(200, nlohmann::json{{"choices", {choice}}, {"usage", usage}}.dump());
  });
  openai model({.url = server.url(),
                .operation = backends::openai_operation::chat_completions,
                .top_logprobs = 2,
                .connection = {.concurrency = 1}});
  const auto scores = [&](confidence_measure measure) {
    verifiers::reported_confidence verifier{{.measure = measure, .window = 2}};
    const outcome made = solve("p", model, repeated_sampling{.n = 4}, verifier, majority_vote{});
    std::vector<float> all;
    for (const candidate& one : made.candidates) all.push_back(one.step_scores.at(0));
    return all;
  };
  CHECK(scores(confidence_measure::mean) == std::vector<float>{2.5F, 1.5F, 5.5F, 1.5F});
  CHECK(scores(confidence_measure::tail) == std::vector<float>{3, 2, 5, 1});
  CHECK(scores(confidence_measure::lowest_group) == std::vector<float>{1, 1, 5, 1});

  // All vote: 3 + 2 + 1 for A, 5 for B. Of the surer half, above 2.5: 3 for A, 5 for B.
  const auto vote = [&](double share) {
    verifiers::reported_confidence tail{{.measure = confidence_measure::tail, .window = 2}};
    return solve("p", model, repeated_sampling{.n = 4}, tail, confidence_vote{.share = share});
  };
  CHECK(vote(1).answer == "A");
  CHECK(vote(1).confidence == doctest::Approx(6.0 / 11));
  CHECK(vote(0.5).answer == "B");
  CHECK(vote(0.5).confidence == doctest::Approx(5.0 / 8));
}

// A chat's reply: a completion's names tokens by their texts, which control tokens have in common.
TEST_CASE("openai: confidences that come with an answer are those of the model itself") {
  gguf_server server(chained_arithmetic_task());
  const std::string url = server.serve_aside() + "/v1";
  const std::string prompt = questions(chained_arithmetic_task(), 1)[0].prompt;
  auto local = backends::transformer::load(chained_arithmetic_task().policy);
  verifiers::confidence measured(local, token_confidence{.likeliest = 5}, token_reduction{});
  const verifiers::reported_confidence reported;
  for (const bool stream : {false, true}) {
    openai model({.url = url,
                  .operation = backends::openai_operation::chat_completions,
                  .top_logprobs = 5,
                  .stream = stream});
    const auto best_of_one = [&](auto& verifier) {
      return solve(prompt, model, repeated_sampling{.n = 1}, verifier, best_score{},
                   {.sampling = greedy});
    };
    const outcome served = best_of_one(reported), own = best_of_one(measured);
    REQUIRE(served.has_answer());
    CHECK(served.answer == own.answer);
    CHECK(served.best().step_scores.back() ==
          doctest::Approx(own.best().step_scores.back()).epsilon(1e-4));
  }
}

TEST_CASE("openai: a generation ends early once enough came, and its server sees the end") {
  const auto event = [](const std::string& text, double logprob) {
    const nlohmann::json choice{
        {"text", text},
        {"logprobs",
         {{"token_logprobs", {logprob}}, {"top_logprobs", {{{text, logprob}, {"?", -6}}}}}}};
    const std::string data = "data: " + nlohmann::json{{"choices", {choice}}}.dump() + "\n\n";
    return fmt::format("{:x}\r\n{}\r\n", data.size(), data);
  };
  fault_server server([&](std::size_t, const std::string& request) -> reaction {
    CHECK(request.find(R"("stream":true)") != std::string::npos);
    CHECK(request.find(R"("logprobs":2)") != std::string::npos);
    return {
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n" +
            event("4", -0.1) + event("+", -0.2) + event("?", -5) + event("!", -5),
        false, false, true};  // and keeps the stream open
  });
  std::vector<float> confidences;
  openai model({.url = server.url(),
                .top_logprobs = 2,
                .enough = [&](const backends::streamed_text& so_far) {
                  confidences.assign(so_far.confidences.begin(), so_far.confidences.end());
                  return so_far.text.find('?') != std::string_view::npos;
                }});
  const generation made = ask(model, "p", {}, extent::solution);
  CHECK(made.ended == finish::length);
  CHECK(made.text == "4+?");
  CHECK(made.spent.tokens_written == 3);
  CHECK(made.logprob == doctest::Approx(-5.3F));
  REQUIRE(confidences.size() == 3);
  CHECK(confidences[0] == doctest::Approx(3.05));
  CHECK(model.sent() == 1);
  while (server.open() > 0) std::this_thread::yield();
}

TEST_CASE("openai: a stream that breaks off is asked for again") {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
  const std::string first = "data: {\"choices\": [{\"text\": \"4\"}]}\n\n";
  const std::string rest =
      "data: {\"choices\": [{\"text\": \"2\", \"finish_reason\": \"length\"}], \"usage\": "
      "{\"prompt_tokens\": 3, \"completion_tokens\": 2}}\n\ndata: [DONE]\n\n";
  fault_server server([&](std::size_t i, const std::string&) -> reaction {
    return {head + first + (i == 0 ? "" : rest), false, true};  // ended by the connection's end
  });
  openai model({.url = server.url(), .logprobs = false, .stream = true, .connection = quick()});
  const generation made = ask(model, "p", {}, extent::solution);
  CHECK(made.text == "42");
  CHECK(made.spent.tokens_written == 2);
  CHECK(server.requests() == 2);
}

TEST_CASE("openai: the extension is for completions at once, likeliest tokens need logprobs") {
  CHECK_THROWS_AS(openai({.exact = true, .stream = true}), error);
  CHECK_THROWS_AS(openai({.top_logprobs = 21}), error);
  CHECK_THROWS_AS(openai({.logprobs = false, .top_logprobs = 5}), error);
  CHECK_THROWS_AS(
      openai({.operation = backends::openai_operation::chat_completions, .exact = true}), error);
}

TEST_CASE("openai: a request asks for 1 to 128 continuations, for several of them at once") {
  CHECK_THROWS_WITH_AS(openai({.choices = 0}),
                       doctest::Contains("openai_options.choices must lie in [1, 128]"), error);
  CHECK_THROWS_AS(openai({.choices = 129}), error);
  CHECK_THROWS_WITH_AS(openai({.choices = 2, .stream = true}),
                       doctest::Contains("neither stream nor enough"), error);
  const auto always = [](const backends::streamed_text&) { return true; };
  CHECK_THROWS_AS(openai({.choices = 2, .enough = always}), error);
  CHECK_NOTHROW(openai({.choices = 128}));
  CHECK_NOTHROW(openai({.stream = true, .enough = always}));
}

TEST_CASE("openai: siblings go as one request, whose choices are their answers") {
  fault_server server([](std::size_t, const std::string& request) {
    return reply(200, numbered_choices(request).dump());
  });
  openai model({.url = server.url(), .logprobs = false, .choices = 3});
  const std::vector<problem> problems{"one", "two"};
  no_verifier none;
  const auto outcomes =
      solve_all(problems, model, repeated_sampling{.n = 4}, none, majority_vote{});
  std::vector<std::string> answers;
  for (const outcome& one : outcomes) {
    for (const candidate& each : one.candidates) answers.push_back(each.answer);
    CHECK(one.spent.tokens == 8);
    CHECK(one.spent.prompt_tokens == 18);  // read twice
  }
  CHECK(answers == std::vector<std::string>{"one 0 of 3", "one 1 of 3", "one 2 of 3", "one 0 of 1",
                                            "two 0 of 3", "two 1 of 3", "two 2 of 3",
                                            "two 0 of 1"});
  CHECK(server.requests() == 4);
  for (const float temperature : {0.0F, 1.0F}) {  // greedy ones are equal, and go alone
    const std::size_t before = server.requests();
    (void)solve("three", model, repeated_sampling{.n = 3}, none, majority_vote{},
                {.sampling = {.temperature = temperature}});
    CHECK(server.requests() - before == (temperature == 0 ? 3 : 1));
  }
}

TEST_CASE("openai: siblings whose reply has other choices fail together, and say so") {
  fault_server server([](std::size_t, const std::string& request) {
    nlohmann::json all = numbered_choices(request);
    if (request.find("bad") != std::string::npos) all["choices"].erase(0);
    return reply(200, all.dump());
  });
  openai model({.url = server.url(), .logprobs = false, .choices = 8, .connection = quick()});
  const std::vector<problem> problems{"bad", "good"};
  no_verifier none;
  const auto outcomes =
      solve_all(problems, model, repeated_sampling{.n = 3}, none, majority_vote{});
  CHECK(outcomes[0].status == outcome_status::failed);
  CHECK(has(outcomes[0].message, "it has 2 choices, 3 were asked for; the reply begins: {"));
  CHECK(outcomes[1].answer == "good 0 of 3");
}
