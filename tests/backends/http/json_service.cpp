// SPDX-License-Identifier: MIT
#include "../../support/fault_server.hpp"
#include <outthink/backends/http/json_service.hpp>
#include <outthink/concepts/asynchronous_service.hpp>
#include <outthink/core/error.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
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
