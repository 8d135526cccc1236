// SPDX-License-Identifier: MIT
#include "../../support/fault_server.hpp"
#include <outthink/backends/http/connection_pool.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace outthink::backends::http;
using outthink::test::body_of;
using outthink::test::fault_server;
using outthink::test::reaction;
using outthink::test::reply;

namespace {

/// Goes on until `count` transfers have ended; their replies.
std::vector<std::string> finish(connection_pool& pool, std::size_t count) {
  std::vector<std::string> bodies;
  const auto finished = [&](transfer& line, CURLcode code) {
    CHECK(code == CURLE_OK);
    bodies.push_back(line.body());
  };
  while (bodies.size() < count) {
    pool.act_on_time(finished);
    const double wait = pool.due() - transfer_group::now();
    pool.act_on_sockets(bodies.size() < count ? wait : 0, finished);
  }
  return bodies;
}

reaction echo(std::size_t, const std::string& request) {
  return reply(200, body_of(request));
}

}  // namespace

TEST_CASE("connection_pool: transfers one after the other share one connection") {
  fault_server server(&echo);
  const connection_options options;
  connection_pool pool({server.url()}, options);
  const transfer* first = nullptr;
  for (const std::string body : {"1", "2", "3"}) {
    const connection_pool::lease line = pool.take(0);
    if (first == nullptr) first = line.get();
    CHECK(line.get() == first);
    line->begin({1, body}, server.url(), 0);
    pool.begin(*line);
    CHECK(finish(pool, 1) == std::vector<std::string>{body});
  }
  CHECK(server.connections() == 1);
}

TEST_CASE("connection_pool: many at a time each have a connection, which is used again") {
  fault_server server(&echo);
  const connection_options options;
  connection_pool pool({server.url()}, options);
  for (int round = 0; round < 3; ++round) {
    std::vector<connection_pool::lease> lines;
    std::set<std::string> asked;
    for (std::uint64_t i = 0; i < 70; ++i) {
      lines.push_back(pool.take(0));
      lines.back()->begin({i, std::to_string(i)}, server.url(), 0);
      asked.insert(std::to_string(i));
      pool.begin(*lines.back());
    }
    const auto bodies = finish(pool, 70);
    CHECK(std::set(bodies.begin(), bodies.end()) == asked);
  }
  CHECK(server.connections() == 70);
}

TEST_CASE("connection_pool: groups are small and of one server; over TLS they are one") {
  const connection_options options;
  connection_pool pool({"http://127.0.0.1:1", "http://127.0.0.1:2", "https://127.0.0.1:3"},
                       options);
  std::vector<std::set<std::size_t>> groups(3);
  for (int round = 0; round < 3; ++round) {  // lines come back, so that later rounds add no group
    std::vector<connection_pool::lease> lines;
    for (std::size_t i = 0; i < 3 * 65; ++i) {
      lines.push_back(pool.take(i % 3));
      CHECK(lines.back()->server == i % 3);
      groups[i % 3].insert(lines.back()->group);
    }
  }
  CHECK(groups[0].size() == 3);  // 32, 32, 1
  CHECK(groups[1].size() == 3);
  CHECK(groups[2].size() == 1);
  std::set<std::size_t> all;
  for (const auto& one : groups) all.insert(one.begin(), one.end());
  CHECK(all.size() == 7);
}

TEST_CASE("connection_pool: a transfer that is let go of ends, and its connection") {
  fault_server silent([](std::size_t, const std::string&) { return reaction{.silent = true}; });
  const connection_options options;
  connection_pool pool({silent.url()}, options);
  const auto none = [](transfer&, CURLcode) { FAIL("nothing has ended"); };
  {
    const connection_pool::lease line = pool.take(0);
    line->begin({1, "{}"}, silent.url(), 0);
    pool.begin(*line);
    while (silent.requests() == 0) {
      pool.act_on_time(none);
      pool.act_on_sockets(0.001, none);
    }
  }
  while (silent.open() > 0) std::this_thread::yield();  // the server saw it
  pool.act_on_time(none);
  pool.act_on_sockets(0, none);
  CHECK(pool.due() == transfer_group::kNever);
}

TEST_CASE("connection_pool: a transfer that asked for a server's health posts again") {
  std::vector<std::string> methods;
  fault_server server([&](std::size_t, const std::string& request) {
    methods.push_back(request.substr(0, request.find(' ')));
    return reply(200, "good");
  });
  const connection_options options;
  connection_pool pool({server.url()}, options);
  for (const bool checks : {true, false, true, false}) {
    const connection_pool::lease line = pool.take(0);
    checks ? line->begin_check(server.url() + "/health", 0)
           : line->begin({1, "{}"}, server.url() + "/x", 0);
    CHECK(line->checks() == checks);
    pool.begin(*line);
    CHECK(finish(pool, 1) == std::vector<std::string>{"good"});
  }
  CHECK(methods == std::vector<std::string>{"GET", "POST", "GET", "POST"});
  CHECK(body_of(server.request(3)) == "{}");
}
