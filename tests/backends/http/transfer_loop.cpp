// SPDX-License-Identifier: MIT
// Against a server that misbehaves in every way.
#include "../../support/fault_server.hpp"
#include <outthink/backends/http/transfer_loop.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/core/stopwatch.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using namespace outthink::backends::http;
using outthink::test::body_of;
using outthink::test::fault_server;
using outthink::test::reaction;
using outthink::test::reply;

namespace {

connection_options quick(int attempts = 3) {
  connection_options options;
  options.retry = {.attempts = attempts, .first_delay = 0.001, .longest_delay = 0.002};
  return options;
}

std::vector<http_reply> all(transfer_loop& loop) {
  std::vector<http_reply> replies;
  while (loop.under_way() > 0) loop.wait(replies, 10);
  std::sort(replies.begin(), replies.end(),
            [](const http_reply& a, const http_reply& b) { return a.tag < b.tag; });
  return replies;
}

http_reply ask(const std::string& url, const connection_options& options) {
  transfer_loop loop(url, options);
  loop.submit({7, "{}"});
  const auto replies = all(loop);
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].tag == 7);
  return replies[0];
}

bool says(const http_reply& of, const std::string& words) {
  if (of.problem.find(words) != std::string::npos) return true;
  MESSAGE(of.problem);
  return false;
}

/// Fails the first `count` requests so, then answers.
fault_server::script first_fail(std::size_t count, reaction fault) {
  return [=](std::size_t i, const std::string&) { return i < count ? fault : reply(200, "good"); };
}

}  // namespace

TEST_CASE("transfer_loop: posts JSON with the key and takes the reply; connections are reused") {
  fault_server server([](std::size_t, const std::string& request) {
    return reply(200, "got " + body_of(request));
  });
  connection_options options = quick();
  options.api_key = "KEY1";
  options.concurrency = 2;
  transfer_loop loop(server.url() + "/v1/x?a=1", options);
  std::vector<http_reply> replies;
  for (std::uint64_t tag = 0; tag < 20; ++tag) {
    while (loop.capacity() == 0) loop.wait(replies, 10);
    loop.submit({tag, std::to_string(tag)});
    CHECK(loop.under_way() <= 2);
  }
  while (loop.under_way() > 0) loop.wait(replies, 10);
  REQUIRE(replies.size() == 20);
  for (const http_reply& one : replies) CHECK(one.body == "got " + std::to_string(one.tag));
  CHECK(server.connections() <= 2);
  const std::string request = server.request(0);
  CHECK(request.starts_with("POST /v1/x?a=1 HTTP/1.1\r\n"));
  CHECK(request.find("Content-Type: application/json\r\n") != std::string::npos);
  CHECK(request.find("Authorization: Bearer KEY1\r\n") != std::string::npos);
  CHECK(request.find("Expect:") == std::string::npos);
}

TEST_CASE("transfer_loop: what may pass is sent again, with the same body") {
  const reaction faults[] = {reply(500, "x"),
                             reply(503, ""),
                             reply(429, "slow down"),
                             reply(408, ""),
                             reply(409, ""),
                             reply(425, ""),
                             {"", true},
                             {"", false, true},
                             {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nha", true},
                             {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nha", false, true},
                             {"HTTP/1.1 200 OK\r\nContent-Le", true}};
  for (const reaction& fault : faults) {
    CAPTURE(fault.bytes);
    fault_server server(first_fail(2, fault));
    CHECK(ask(server.url(), quick()).body == "good");
    CHECK(server.requests() >= 3);
    CHECK(body_of(server.request(2)) == "{}");
  }
}

TEST_CASE("transfer_loop: no attempt that falls due just before the wait is slept over") {
  fault_server server([](std::size_t i, const std::string&) {
    return i % 2 == 0 ? reply(503, "") : reply(200, "good");
  });
  connection_options options;
  options.retry = {.attempts = 3, .first_delay = 1e-5, .longest_delay = 1e-5};
  transfer_loop loop(server.url(), options);
  std::vector<http_reply> replies;
  const outthink::stopwatch watch;
  for (std::uint64_t tag = 0; tag < 300; ++tag) {
    loop.submit({tag, "{}"});
    while (loop.under_way() > 0) loop.wait(replies, 30);
  }
  CHECK(replies.size() == 300);
  CHECK(watch.seconds() < 30);
}

TEST_CASE("transfer_loop: after the last attempt the problem says what happened and what to do") {
  fault_server server(first_fail(99, reply(503, "over\nloaded")));
  const http_reply failed = ask(server.url() + "/v1?key=abc", quick(3));
  CHECK(server.requests() == 3);
  CHECK(failed.problem == "POST " + server.url() +
                              "/v1: status 503, at attempt 3; it says: over loaded; look into the "
                              "server's log");
}

TEST_CASE("transfer_loop: other statuses are final at once") {
  for (const int status : {300, 301, 307, 400, 401, 403, 404, 413, 422}) {
    CAPTURE(status);
    fault_server server(first_fail(99, reply(status, "no", "Location: http://127.0.0.1:1/\r\n")));
    const http_reply failed = ask(server.url(), quick());
    CHECK(says(failed, "status " + std::to_string(status) + "; it says: no; "));
    CHECK(server.requests() == 1);
  }
}

TEST_CASE("transfer_loop: Retry-After is waited for, and one too long is not") {
  connection_options options = quick(2);
  fault_server busy(first_fail(1, reply(429, "", "Retry-After: 60\r\n")));
  transfer_loop loop(busy.url(), options);
  loop.submit({7, "{}"});
  std::vector<http_reply> replies;
  outthink::stopwatch watch;
  while (watch.seconds() < 0.05) loop.wait(replies, 0.05 - watch.seconds());
  CHECK(replies.empty());  // without it, the next attempt comes after 2 ms at most
  CHECK(loop.under_way() == 1);
  CHECK(busy.requests() <= 1);
  options.retry.longest_asked = 30;
  fault_server late(first_fail(1, reply(429, "", "Retry-After: 31\r\n")));
  CHECK(says(ask(late.url(), options), "status 429"));
  CHECK(late.requests() == 1);
}

TEST_CASE("transfer_loop: a refused connection is tried again and then explained") {
  const http_reply failed = ask(fault_server::nobody(), quick(2));
  CHECK(says(failed, "at attempt 2; check that the server runs and can be reached"));
}

TEST_CASE("transfer_loop: silence before the first byte and within the reply is given up") {
  for (const char* begun : {"", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nha"}) {
    connection_options options = quick(2);
    options.limits.first_byte = options.limits.idle = 0.03;
    fault_server passing(first_fail(1, {begun, false, false, true}));
    CHECK(ask(passing.url(), options).body == "good");
    fault_server lasting(first_fail(9, {begun, false, false, true}));
    CHECK(says(ask(lasting.url(), options), "kept silent too long, at attempt 2"));
  }
}

TEST_CASE("transfer_loop: the limit of the whole time holds") {
  connection_options options = quick(1);
  options.limits.total = 0.03;
  fault_server server(first_fail(9, {"", false, false, true}));
  CHECK(says(ask(server.url(), options), "imed out"));
}

TEST_CASE("transfer_loop: a reply that is too long is an error, not tried again") {
  connection_options options = quick();
  options.longest_reply = 100;
  fault_server server(first_fail(9, reply(200, std::string(101, 'x'))));
  CHECK(says(ask(server.url(), options), "longer than 100 bytes"));
  CHECK(server.requests() == 1);
  fault_server fits(first_fail(9, reply(200, std::string(100, 'x'))));
  CHECK(ask(fits.url(), options).body.size() == 100);
}

TEST_CASE("transfer_loop: the key is in no message, even where the server repeats it") {
  connection_options options = quick();
  options.api_key = "KEY1";
  fault_server server(first_fail(9, reply(401, "wrong key: KEY1")));
  const http_reply failed = ask(server.url(), options);
  CHECK(says(failed, "wrong key: ***; check the API key"));
}

TEST_CASE("transfer_loop: what is given up sends no reply, and the loop goes on") {
  fault_server server([](std::size_t, const std::string& request) -> reaction {
    if (body_of(request) == "quiet") return {"", false, false, true};
    return reply(200, "good");
  });
  transfer_loop loop(server.url(), quick());
  std::vector<http_reply> replies;
  loop.submit({1, "quiet"});
  loop.wait(replies, 0);
  loop.abandon();
  CHECK(loop.under_way() == 0);
  loop.submit({2, "{}"});
  replies = all(loop);
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].tag == 2);
}

TEST_CASE("transfer_loop: one in five requests meets a fault, and every answer comes once") {
  fault_server server([](std::size_t i, const std::string& request) -> reaction {
    const auto luck = outthink::mix_bits(5, i) % 20;
    if (luck == 0) return {"", true};
    if (luck == 1) return reply(503, "");
    if (luck == 2) return {"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nha", false, true};
    if (luck == 3) return reply(429, "");
    return reply(200, body_of(request));
  });
  connection_options options = quick(20);
  options.concurrency = 8;
  transfer_loop loop(server.url(), options);
  std::vector<http_reply> replies;
  for (std::uint64_t tag = 0; tag < 200; ++tag) {
    while (loop.capacity() == 0) loop.wait(replies, 10);
    loop.submit({tag, std::to_string(tag)});
  }
  while (loop.under_way() > 0) loop.wait(replies, 10);
  REQUIRE(replies.size() == 200);
  std::vector<bool> seen(200);
  for (const http_reply& one : replies) {
    CHECK(!seen[one.tag]);
    seen[one.tag] = true;
    CHECK(one.body == std::to_string(one.tag));
  }
}

TEST_CASE("transfer_loop: a reply that its taker finds damaged is asked for again") {
  fault_server server(first_fail(2, reply(200, "garbage")));
  transfer_loop loop(server.url(), quick(3));
  loop.submit({7, "{}"});
  std::vector<std::string> taken;
  const auto take = [&](http_reply& one) {
    taken.push_back(one.body);
    return std::string(one.body == "garbage" ? "it is garbage" : "");
  };
  while (loop.under_way() > 0) loop.wait(take, 10);
  CHECK(taken == std::vector<std::string>{"garbage", "garbage", "good"});
}

TEST_CASE("transfer_loop: a reply whose head does not end is given up") {
  fault_server server(first_fail(9, {"HTTP/1.1 200 OK\r\n" +
                                         [] {
                                           std::string lines;
                                           for (int i = 0; i < 9000; ++i)
                                             lines += "X-More: and more\r\n";
                                           return lines + lines;
                                         }(),
                                     false, true}));
  CHECK(says(ask(server.url(), quick()), "head is longer than"));
  CHECK(server.requests() == 1);
}

TEST_CASE("transfer_loop: a reply is ended once it is enough, what came of it counts") {
  fault_server server([](std::size_t, const std::string&) -> reaction {
    return {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n", false, false,
            true};
  });
  transfer_loop loop(server.url(), quick());
  std::vector<std::string> seen;
  http_request asked{7, "{}"};
  asked.enough = [&](std::string_view body) {
    seen.emplace_back(body);
    return body == "begun";
  };
  loop.submit(asked);
  const auto replies = all(loop);
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].body == "begun");
  CHECK(replies[0].problem.empty());
  CHECK(seen == std::vector<std::string>{"", "begun"});
  CHECK(server.requests() == 1);
}

TEST_CASE("transfer_loop: an exception of whoever watches a reply is that request's problem") {
  fault_server server(first_fail(0, {}));
  transfer_loop loop(server.url(), quick());
  http_request asked{7, "{}"};
  asked.enough = [](std::string_view body) {
    if (!body.empty()) throw std::runtime_error("too sad to go on");
    return false;
  };
  loop.submit(asked);
  const auto replies = all(loop);
  REQUIRE(replies.size() == 1);
  CHECK(says(replies[0], "too sad to go on"));
  CHECK(server.requests() == 1);
}

TEST_CASE("transfer_loop: a cancelled request's connection ends, whether sent or waiting") {
  fault_server server(first_fail(99, {"", false, false, true}));
  connection_options options = quick();
  options.concurrency = 1;
  transfer_loop loop(server.url(), options);
  std::vector<http_reply> replies;
  loop.submit({1, "{}"});
  loop.submit({2, "{}"});  // waits for a place
  while (server.requests() == 0) loop.wait(replies, 0.01);
  CHECK(loop.cancel(2));
  CHECK(loop.under_way() == 1);
  CHECK(loop.cancel(1));
  CHECK(!loop.cancel(1));
  CHECK(loop.under_way() == 0);
  CHECK(loop.endpoints().under_way(0) == 0);
  loop.wait(replies, 10);  // returns at once
  CHECK(replies.empty());
  while (server.open() > 0) std::this_thread::yield();  // the server saw it
}

TEST_CASE("transfer_loop: what the limits of the rate forbid waits") {
  fault_server server(first_fail(0, {}));
  connection_options options = quick();
  const auto both = std::make_shared<rate_limiter>(3);
  options.rates = {both, std::make_shared<rate_limiter>(2)};
  transfer_loop first(server.url(), options), second(server.url(), {.rates = {both}});
  std::vector<http_reply> replies;
  for (std::uint64_t tag = 0; tag < 5; ++tag) first.submit({tag, "{}"});
  for (std::uint64_t tag = 0; tag < 5; ++tag) second.submit({tag, "{}"});
  while (first.under_way() > 3) first.wait(replies, 10);
  while (second.under_way() > 4) second.wait(replies, 10);
  first.wait(replies, 0.02);  // no minute has passed
  second.wait(replies, 0.02);
  CHECK(replies.size() == 3);
  CHECK(server.requests() == 3);
}

TEST_CASE("transfer_loop: URLs of other kinds are refused") {
  CHECK_THROWS_AS(transfer_loop(std::vector<std::string>{}, {}), outthink::error);
  CHECK_THROWS_AS(transfer_loop("file:///etc/passwd", {}), outthink::error);
  CHECK_THROWS_AS(transfer_loop("localhost:8000", {}), outthink::error);
}
