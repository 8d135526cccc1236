// SPDX-License-Identifier: MIT
#include "../../support/fault_server.hpp"
#include <outthink/backends/http/json_service.hpp>
#include <outthink/concepts/asynchronous_service.hpp>
#include <outthink/core/error.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace outthink::backends::http;
using nlohmann::json;
using outthink::test::body_of;
using outthink::test::fault_server;
using outthink::test::reply;

namespace {

bool has(const std::string& text, const std::string& words) {
  if (text.find(words) != std::string::npos) return true;
  MESSAGE(text);
  return false;
}

/// Asks for a number's double.
struct doubling {
  using request = int;
  using response = std::string;
  using context = int;

  static json write(int asked) {
    if (asked < 0) throw std::invalid_argument("negative");
    return {{"number", asked}};
  }
  static int remember(int asked) { return asked; }
  static std::string read(const json& reply, int asked) {
    const int twice = reply.at("twice");
    if (twice != 2 * asked) throw std::runtime_error("that is not twice " + std::to_string(asked));
    return std::to_string(twice);
  }
  static std::string failed(const std::string& why) { return "failed: " + why; }
};

/// Asks for the doubles of up to three numbers at once, if all are odd or all even.
struct doubling_together {
  using request = int;
  using response = std::string;
  using context = int;

  static std::size_t most(int) { return 3; }
  static std::string opening(int asked) {
    if (asked < 0) throw std::invalid_argument("negative");
    return asked % 2 == 0 ? R"({"even":)" : R"({"odd":)";
  }
  static std::string ending(const std::vector<int>& asked) { return json(asked).dump() + "}"; }
  static int remember(int asked) { return asked; }
  static std::vector<std::string> read(const json& reply, const std::vector<int>& asked) {
    std::vector<std::string> all;
    for (const int one : asked)
      all.push_back(std::to_string(reply.at(std::to_string(one)).get<int>()));
    return all;
  }
  static std::string failed(const std::string& why) { return "failed: " + why; }
};

outthink::test::reaction twice_each(std::size_t, const std::string& request) {
  const json asked = json::parse(body_of(request));
  json twice = json::object();
  for (const json& numbers : asked) {
    for (const int one : numbers) twice[std::to_string(one)] = 2 * one;
  }
  twice.erase("42");
  return reply(200, twice.dump());
}

std::vector<std::string> bodies(const fault_server& server) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < server.requests(); ++i) all.push_back(body_of(server.request(i)));
  std::sort(all.begin(), all.end());
  return all;
}

/// Waits for so many completions.
std::vector<outthink::completion<std::string>> completions(json_service<doubling_together>& service,
                                                           std::size_t count) {
  std::vector<outthink::completion<std::string>> done;
  while (done.size() < count) service.wait(done, 10);
  std::sort(done.begin(), done.end(), [](const auto& a, const auto& b) { return a.tag < b.tag; });
  return done;
}

connection_options quick() {
  connection_options options;
  options.retry = {.attempts = 2, .first_delay = 0.001, .longest_delay = 0.002};
  return options;
}

outthink::test::reaction twice(std::size_t, const std::string& request) {
  const int number = json::parse(body_of(request))["number"];
  if (number == 13) return reply(200, "unlucky");
  if (number == 14) return reply(200, R"({"twice": 1})");
  if (number == 15) return reply(200, R"({"thrice": 1})");
  return reply(200, json{{"twice", 2 * number}}.dump());
}

}  // namespace

static_assert(outthink::asynchronous_service<json_service<doubling>>);
static_assert(outthink::cancellable_service<json_service<doubling_together>>);

TEST_CASE("json_service: every request gets its own reply, and a bad one fails alone") {
  fault_server server(&twice);
  json_service<doubling> service(server.url() + "/x", {}, quick());
  const std::vector<int> asked{12, 13, 14, 15, 16};
  const auto answers = service.answer(asked);
  CHECK(answers[0] == "24");
  CHECK(answers[1] == "failed: POST " + server.url() +
                          "/x: the reply is not JSON, at attempt 2; the reply begins: unlucky");
  CHECK(has(answers[2], "that is not twice 14; the reply begins: {\"twice\": 1}"));
  CHECK(has(answers[3], "twice"));
  CHECK(answers[4] == "32");
  CHECK(service.sent() == 6);  // what is no JSON was damaged, and is asked for again
}

TEST_CASE("json_service: what cannot be written throws, and nothing is under way") {
  fault_server server(&twice);
  json_service<doubling> service(server.url(), {}, {});
  CHECK_THROWS_WITH(service.submit(1, -1), "negative");
  const std::vector<int> asked{1};
  CHECK(service.answer(asked) == std::vector<std::string>{"2"});
}

TEST_CASE("json_service: answer is refused while requests are under way, and allowed after") {
  fault_server server(&twice);
  json_service<doubling> service(server.url(), {}, {});
  service.submit(1, 4);
  const std::vector<int> asked{5};
  CHECK_THROWS_AS((void)service.answer(asked), outthink::error);
  service.abandon();
  CHECK(service.answer(asked) == std::vector<std::string>{"10"});
}

TEST_CASE(
    "json_service: a page in place of JSON is named as what it is, and another one is asked") {
  const auto page = reply(200, "<html>", "Content-Type: text/html\r\n");
  fault_server passing(
      [&](std::size_t i, const std::string& request) { return i == 0 ? page : twice(i, request); });
  json_service<doubling> service(passing.url(), {}, quick());
  const std::vector<int> asked{1};
  CHECK(service.answer(asked) == std::vector<std::string>{"2"});
  fault_server lasting([&](std::size_t, const std::string&) { return page; });
  json_service<doubling> refused(lasting.url(), {}, quick());
  CHECK(has(refused.answer(asked)[0], "is not JSON but text/html, at attempt 2; the reply begins"));
}

TEST_CASE("json_service: a request that is cancelled has no completion, the others have") {
  fault_server server([](std::size_t i, const std::string& request) {
    return json::parse(body_of(request))["number"] == 7 ? outthink::test::reaction{.silent = true}
                                                        : twice(i, request);
  });
  json_service<doubling> service(server.url(), {}, quick());
  service.submit(1, 7);
  service.submit(2, 8);
  std::vector<outthink::completion<std::string>> done;
  while (done.empty()) service.wait(done, 10);
  service.cancel(1);
  service.cancel(1);  // is gone
  service.wait(done, 10);
  REQUIRE(done.size() == 1);
  CHECK(done[0].answer == "16");
  CHECK(service.capacity() == 64);
}

TEST_CASE("json_service: the limits of the rate are told what an answer did cost") {
  struct priced : doubling {
    static std::uint64_t tokens(int) { return 80; }
    static std::uint64_t tokens(const std::string&) { return 10; }
  };
  fault_server server(&twice);
  connection_options options = quick();
  options.rates = {std::make_shared<rate_limiter>(rate_limiter::unlimited, 100)};
  json_service<priced> service(server.url(), {}, options);
  const std::vector<int> asked{1};  // one at a time: 80 and the body's share, then 10
  CHECK(service.answer(asked)[0] == "2");
  CHECK(service.answer(asked)[0] == "2");  // would wait for a minute, had the first cost 80
}

TEST_CASE("json_service: requests that may go together do, the others go alone") {
  fault_server server(&twice_each);
  json_service<doubling_together> service(server.url(), {}, quick());
  const std::vector<int> asked{1, 2, 3, 4, 5, 7};
  CHECK(service.answer(asked) == std::vector<std::string>{"2", "4", "6", "8", "10", "14"});
  CHECK(bodies(server) ==
        std::vector<std::string>{R"({"even":[2,4]})", R"({"odd":[1,3,5]})", R"({"odd":[7]})"});
  CHECK(service.sent() == 3);
}

TEST_CASE("json_service: what may go together is sent again together") {
  fault_server server([](std::size_t i, const std::string& request) {
    return i == 0 ? reply(503, "") : i == 1 ? reply(200, "[1, 2") : twice_each(i, request);
  });
  connection_options options = quick();
  options.retry.attempts = 3;
  json_service<doubling_together> service(server.url(), {}, options);
  const std::vector<int> asked{1, 3};
  CHECK(service.answer(asked) == std::vector<std::string>{"2", "6"});
  CHECK(bodies(server) == std::vector<std::string>(3, R"({"odd":[1,3]})"));
}

TEST_CASE("json_service: a reply that fails fails all that it was to answer, and no other") {
  fault_server server(&twice_each);
  json_service<doubling_together> service(server.url(), {}, quick());
  const std::vector<int> asked{40, 1, 42};
  const auto answers = service.answer(asked);
  CHECK(has(answers[0], "'42' not found; the reply begins: {\"40\":80}"));
  CHECK(answers[1] == "2");
  CHECK(answers[2] == answers[0]);
  fault_server broken([](std::size_t, const std::string&) { return reply(400, "no"); });
  json_service<doubling_together> refused(broken.url(), {}, quick());
  for (const std::string& one : refused.answer(asked)) CHECK(has(one, "status 400; it says: no"));
  CHECK(broken.requests() == 2);
}

TEST_CASE("json_service: what cannot be begun throws, and those that it would go with are sent") {
  fault_server server(&twice_each);
  json_service<doubling_together> service(server.url(), {}, quick());
  service.submit(1, 2);
  CHECK_THROWS_WITH(service.submit(2, -1), "negative");
  service.submit(2, 4);
  const auto done = completions(service, 2);
  CHECK(done[1].answer == "8");
  CHECK(server.requests() == 1);
}

TEST_CASE("json_service: one that is cancelled among others has no completion, the others have") {
  fault_server server(&twice_each);
  json_service<doubling_together> service(server.url(), {}, quick());
  SUBCASE("before they are sent: it is not asked for") {
    for (const int one : {2, 4, 6}) service.submit(static_cast<std::uint64_t>(one), one);
    service.cancel(4);
    service.submit(4, 8);  // its tag is free
    const auto done = completions(service, 3);
    CHECK(done[1].answer == "16");
    CHECK(bodies(server) == std::vector<std::string>{R"({"even":[2,6,8]})"});
  }
  SUBCASE("after: its answer is dropped") {
    for (const int one : {2, 4, 6}) service.submit(static_cast<std::uint64_t>(one), one);
    std::vector<outthink::completion<std::string>> done;
    service.wait(done, 0);
    REQUIRE(done.empty());
    service.cancel(4);
    service.submit(4, 5);
    done = completions(service, 3);
    CHECK(done[0].answer == "4");
    CHECK(done[1].answer == "10");
    CHECK(done[2].answer == "12");
  }
  CHECK(service.capacity() == 64);
}

TEST_CASE("json_service: when all that go together are cancelled, the server sees the end") {
  fault_server silent(
      [](std::size_t, const std::string&) { return outthink::test::reaction{.silent = true}; });
  json_service<doubling_together> service(silent.url(), {}, quick());
  service.submit(1, 2);
  service.submit(2, 4);
  std::vector<outthink::completion<std::string>> done;
  while (silent.requests() == 0) service.wait(done, 0.001);
  service.cancel(1);
  service.wait(done, 0.001);
  CHECK(silent.open() == 1);
  service.cancel(2);
  while (silent.open() > 0) std::this_thread::yield();
  service.wait(done, 10);  // returns at once
  CHECK(done.empty());
  const std::vector<int> none;
  CHECK(service.answer(none).empty());
}

TEST_CASE("json_service: capacity counts what is gathered, and lets the latest group fill") {
  fault_server server(&twice_each);
  connection_options options = quick();
  options.concurrency = 2;
  json_service<doubling_together> service(server.url(), {}, options);
  CHECK(service.capacity() == 2);
  service.submit(1, 2);
  CHECK(service.capacity() == 1);
  service.submit(2, 4);
  CHECK(service.capacity() == 1);
  service.submit(3, 5);
  CHECK(service.capacity() == 2);  // of the odd ones
  service.submit(4, 6);
  CHECK(service.capacity() == 2);
  service.submit(5, 7);
  CHECK(service.capacity() == 1);
  service.submit(6, 8);  // goes with none: it waits for a place
  CHECK(service.capacity() == 0);
  const auto done = completions(service, 6);
  CHECK(done[5].answer == "16");
  CHECK(bodies(server) ==
        std::vector<std::string>{R"({"even":[2,4,6]})", R"({"even":[8]})", R"({"odd":[5,7]})"});
  CHECK(service.capacity() == 2);
  for (int i = 0; i < 6; ++i) service.submit(1, 2 * i), service.cancel(1);
  CHECK(service.capacity() == 2);  // nothing is under way
  service.submit(1, 2);
  service.abandon();
  CHECK(service.capacity() == 2);
}

TEST_CASE("json_service: limits of the rate are told what those that go together cost in all") {
  struct priced : doubling_together {
    static std::uint64_t tokens(int) { return 30; }
    static std::uint64_t tokens(const std::string&) { return 20; }
  };
  connection_options options = quick();
  const auto ask = [&](const fault_server& server, const std::vector<int>& asked) {
    json_service<priced> service(server.url(), {}, options);
    std::vector<outthink::completion<std::string>> done;
    for (const int one : asked) service.submit(static_cast<std::uint64_t>(one), one);
    for (int i = 0; i < 20 && done.size() < asked.size(); ++i) service.wait(done, 0.01);
    return done.size();
  };
  fault_server server(&twice_each);
  options.rates = {std::make_shared<rate_limiter>(rate_limiter::unlimited, 100)};
  CHECK(ask(server, {1, 3, 5}) == 3);  // 90 and the body's share, then 60
  CHECK(ask(server, {2}) == 1);        // 30 and its share, then 20
  CHECK(ask(server, {2}) == 0);        // there is no room for it

  fault_server silent(
      [](std::size_t, const std::string&) { return outthink::test::reaction{.silent = true}; });
  options.rates = {std::make_shared<rate_limiter>(rate_limiter::unlimited, 120)};
  CHECK(ask(silent, {1, 3, 5, 2}) == 0);
  CHECK(bodies(silent) == std::vector<std::string>{R"({"odd":[1,3,5]})"});
}
