// SPDX-License-Identifier: MIT
// Certificates: whom the library trusts with a key.
#include <outthink/backends/http/transfer_loop.hpp>

#include <doctest/doctest.h>

#include <httplib.h>

#ifdef CPPHTTPLIB_OPENSSL_SUPPORT

#include "../../support/broken_relay.hpp"
#include "../../support/tls_identity.hpp"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace outthink::backends::http;

namespace {

/// A server with that identity, which answers "good" or what it is given, and its certificate in a
/// file.
class tls_server {
 public:
  explicit tls_server(const std::string& address, const std::string& answer = "good")
      : own_(address), server_(own_.certificate(), own_.key()) {
    server_.Post("/", [this, answer](const httplib::Request&, httplib::Response& reply) {
      ++requests_;
      reply.set_content(answer, "text/plain");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~tls_server() {
    server_.stop();
    thread_.join();
  }
  tls_server(const tls_server&) = delete;
  tls_server& operator=(const tls_server&) = delete;

  [[nodiscard]] const std::string& file() const { return own_.certificate_file(); }
  [[nodiscard]] int requests() const { return requests_; }
  [[nodiscard]] int port() const { return port_; }

  [[nodiscard]] http_reply ask(const std::string& ca_file) const {
    connection_options options;
    options.api_key = "KEY1";
    options.ca_file = ca_file;
    transfer_loop loop("https://127.0.0.1:" + std::to_string(port_) + "/", options);
    loop.submit({7, "{}"});
    std::vector<http_reply> replies;
    while (loop.under_way() > 0) loop.wait(replies, 10);
    CHECK(loop.sent() == 1);
    return replies.at(0);
  }

 private:
  outthink::test::tls_identity own_;
  httplib::SSLServer server_;
  int port_ = 0;
  std::atomic<int> requests_{0};
  std::thread thread_;
};

bool says(const http_reply& of, const std::string& words) {
  if (of.problem.find(words) != std::string::npos) return true;
  MESSAGE(of.problem);
  return false;
}

}  // namespace

TEST_CASE("tls: a certificate that nobody vouches for is refused at once, with what to do") {
  const tls_server server("127.0.0.1");
  const http_reply failed = server.ask("");
  CHECK(says(failed, "certificate"));
  CHECK(says(failed, "name its authority's certificate in connection_options.ca_file"));
  CHECK(server.requests() == 0);
}

TEST_CASE("tls: the same certificate is good where the user names it") {
  const tls_server server("127.0.0.1");
  CHECK(server.ask(server.file()).body == "good");
}

TEST_CASE("tls: a certificate for another address is refused, whoever vouches for it") {
  const tls_server server("127.0.0.2");
  CHECK(says(server.ask(server.file()), "127.0.0.1"));
  CHECK(server.requests() == 0);
}

TEST_CASE("tls: a file of certificates that is not there is named") {
  const tls_server server("127.0.0.1");
  const http_reply failed = server.ask("/nonexistent/ca.pem");
  CHECK(says(failed, "check connection_options.ca_file"));
  CHECK(server.requests() == 0);
}

TEST_CASE("tls: connections that break in the handshake or in the reply are tried again") {
  const std::string answer(100000, 'g');
  const tls_server server("127.0.0.1", answer);
  constexpr std::size_t kInHandshake = 300, kInReply = 20000;
  const std::vector<outthink::test::breakage> breakages{
      {.after = 0},
      {.after = 0, .resets = true},
      {.instead = "HTTP/1.1 400 Bad Request\r\n\r\nspeak plainly", .after = 0},
      {.after = kInHandshake},
      {.after = kInHandshake, .resets = true},
      {.after = kInReply},
      {.after = kInReply, .resets = true}};
  const outthink::test::broken_relay relay(server.port(), breakages);
  connection_options options;
  options.ca_file = server.file();
  options.retry = {.attempts = 9, .first_delay = 0.001, .longest_delay = 0.002};
  options.breaker.failures = 99;
  transfer_loop loop("https://127.0.0.1:" + std::to_string(relay.port()) + "/", options);
  loop.submit({7, "{}"});
  std::vector<http_reply> replies;
  while (loop.under_way() > 0) loop.wait(replies, 10);
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].problem == "");
  CHECK(replies[0].body == answer);
  CHECK(relay.connections() == breakages.size() + 1);
  CHECK(server.requests() == 3);  // those that broke in the reply, and the last
}

#endif
