// SPDX-License-Identifier: MIT
// A pool of servers: whom requests go to, and what becomes of them where one dies.
#include "../../support/fault_server.hpp"
#include <outthink/backends/http/transfer_loop.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

using namespace outthink::backends::http;
using outthink::test::body_of;
using outthink::test::fault_server;
using outthink::test::reaction;
using outthink::test::reply;

namespace {

connection_options quick() {
  connection_options options;
  options.retry = {.attempts = 10, .first_delay = 0.001, .longest_delay = 0.002};
  options.breaker = {.failures = 3, .rest = 1000};
  return options;
}

reaction answer(std::size_t, const std::string& request) {
  return reply(200, "got " + body_of(request));
}

/// Sends one request and waits for its reply, which must be an answer.
void ask(transfer_loop& loop, std::uint64_t affinity = 0) {
  static std::uint64_t tag = 0;
  loop.submit({++tag, std::to_string(affinity), affinity});
  std::vector<http_reply> replies;
  while (loop.under_way() > 0) loop.wait(replies, 10);
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].problem == "");
  CHECK(replies[0].tag == tag);
  CHECK(replies[0].body == "got " + std::to_string(affinity));
}

}  // namespace

TEST_CASE("several servers: each has its share of what is under way, at most its concurrency") {
  const auto silent = [](std::size_t, const std::string&) -> reaction { return {.silent = true}; };
  fault_server a(silent), b(silent);
  connection_options options = quick();
  options.concurrency = 4;
  transfer_loop loop({a.url(), b.url()}, options);
  CHECK(loop.capacity() == 8);
  for (std::uint64_t tag = 0; tag < 10; ++tag) loop.submit({tag, "{}"});
  CHECK(loop.capacity() == 0);
  std::vector<http_reply> replies;
  while (a.requests() < 4 || b.requests() < 4) loop.wait(replies, 0.01);
  loop.wait(replies, 0.01);
  CHECK(a.requests() == 4);
  CHECK(b.requests() == 4);
  CHECK(loop.endpoints().under_way(0) == 4);
  CHECK(replies.empty());
}

TEST_CASE("several servers: one that is not there costs its breaker's failures and no answer") {
  fault_server there(&answer);
  transfer_loop loop({fault_server::nobody(), there.url()}, quick());
  for (std::uint64_t i = 1; i <= 40; ++i) ask(loop, i);
  CHECK(!loop.endpoints().breaker(0).closed());
  CHECK(loop.endpoints().breaker(1).closed());
  CHECK(loop.sent() == 40 + 3);
  CHECK(loop.capacity() == 64);
}

TEST_CASE("several servers: one that dies and comes back loses no answer and works again") {
  fault_server lasting(&answer);
  auto mortal = std::make_unique<fault_server>(&answer);
  const int port = mortal->port();
  connection_options options = quick();
  options.breaker.rest = 0.01;
  transfer_loop loop({mortal->url(), lasting.url()}, options);
  while (mortal->requests() == 0) ask(loop);
  mortal.reset();
  for (int i = 0; i < 20; ++i) ask(loop);
  CHECK(!loop.endpoints().breaker(0).closed());
  fault_server back(&answer, port);
  while (back.requests() == 0) ask(loop);
  CHECK(loop.endpoints().breaker(0).closed());
}

TEST_CASE("several servers: what is under way at one that dies is asked of another") {
  fault_server lasting(&answer);
  auto mortal = std::make_unique<fault_server>(
      [](std::size_t, const std::string&) -> reaction { return {.silent = true}; });
  transfer_loop loop({mortal->url(), lasting.url()}, quick());
  std::vector<http_reply> replies;
  for (std::uint64_t tag = 0; tag < 10; ++tag) loop.submit({tag, std::to_string(tag)});
  while (mortal->requests() < 5 || replies.size() < 5) loop.wait(replies, 0.01);
  mortal.reset();
  while (loop.under_way() > 0) loop.wait(replies, 10);
  std::set<std::string> bodies;
  for (const http_reply& one : replies) bodies.insert(one.body);
  CHECK(replies.size() == 10);
  CHECK(bodies.size() == 10);
  CHECK(bodies.count("") == 0);
}

TEST_CASE("several servers: a search's requests meet the same one, where its cache is") {
  fault_server a(&answer), b(&answer), c(&answer);
  transfer_loop loop({a.url(), b.url(), c.url()}, quick());
  for (int round = 0; round < 4; ++round) {
    for (std::uint64_t search = 1; search <= 30; ++search) ask(loop, search);
  }
  std::map<std::string, std::set<const fault_server*>> homes;
  for (const fault_server* server : {&a, &b, &c}) {
    CHECK(server->requests() > 0);
    for (std::size_t i = 0; i < server->requests(); ++i) {
      homes[body_of(server->request(i))].insert(server);
    }
  }
  CHECK(homes.size() == 30);
  for (const auto& [search, servers] : homes) CHECK(servers.size() == 1);
}

TEST_CASE("several servers: one that is sick gets requests again once its health check passes") {
  std::atomic<bool> sick{true};
  std::atomic<int> checks{0}, asked{0};
  fault_server patient([&](std::size_t i, const std::string& request) -> reaction {
    if (request.starts_with("GET /health ")) {
      checks += 1;
      return reply(sick ? 503 : 200, "{}");
    }
    asked += 1;
    return sick ? reply(500, "out of memory") : answer(i, request);
  });
  fault_server well(&answer);
  connection_options options = quick();
  options.breaker.rest = 0.001;
  options.health = "/health";
  transfer_loop loop({patient.url() + "/v1/x", well.url()}, options);
  while (checks < 3) ask(loop);
  CHECK(asked == 3);  // what opened the breaker, and nothing since
  sick = false;
  while (asked < 5) ask(loop);
  CHECK(loop.endpoints().breaker(0).closed());
}

TEST_CASE("several servers: one that answers with pages does not draw all requests to itself") {
  fault_server gateway([](std::size_t, const std::string&) { return reply(200, "<html>"); });
  fault_server there(&answer);
  transfer_loop loop({gateway.url(), there.url()}, quick());
  std::vector<std::string> answers;
  const auto take = [&](http_reply& one) {
    if (one.body == "<html>") return std::string("it is a page");
    answers.push_back(one.body);
    return std::string();
  };
  for (std::uint64_t tag = 0; tag < 30; ++tag) {
    loop.submit({tag, "{}"});
    while (loop.under_way() > 0) loop.wait(take, 10);
  }
  CHECK(answers == std::vector<std::string>(30, "got {}"));
  CHECK(gateway.requests() == 3);
}

TEST_CASE("several servers: if all fail, the last attempt's problem names one of them") {
  connection_options options = quick();
  options.retry.attempts = 5;
  const std::string a = fault_server::nobody(), b = fault_server::nobody();
  transfer_loop loop({a, b}, options);
  loop.submit({1, "{}"});
  std::vector<http_reply> replies;
  while (loop.under_way() > 0) loop.wait(replies, 10);
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].problem.find("at attempt 5; check that the server runs") != std::string::npos);
  CHECK(loop.sent() == 5);
}
