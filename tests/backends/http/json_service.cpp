// SPDX-License-Identifier: MIT
#include "../../support/fault_server.hpp"
#include <outthink/backends/http/json_service.hpp>
#include <outthink/concepts/asynchronous_service.hpp>
#include <outthink/core/error.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

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
  json_service<doubling> service(server.url() + "/x", {}, {});
  const std::vector<int> asked{12, 13, 14, 15, 16};
  const auto answers = service.answer(asked);
  CHECK(answers[0] == "24");
  CHECK(answers[1] ==
        "failed: POST " + server.url() + "/x: the reply is not JSON; the reply begins: unlucky");
  CHECK(has(answers[2], "that is not twice 14; the reply begins: {\"twice\": 1}"));
  CHECK(has(answers[3], "twice"));
  CHECK(answers[4] == "32");
  CHECK(service.sent() == 5);
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
