// SPDX-License-Identifier: MIT
// HTTP/2, against Node.js: without `node`, these tests say so and pass.
#include <outthink/backends/http/transfer_loop.hpp>

#include <doctest/doctest.h>

#include <httplib.h>

#ifdef CPPHTTPLIB_OPENSSL_SUPPORT

#include "../../support/tls_identity.hpp"

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

using namespace outthink::backends::http;

namespace {

std::vector<http_reply> ask(const std::string& url, const std::string& ca_file, std::uint64_t count,
                            std::size_t concurrency) {
  connection_options options;
  options.ca_file = ca_file;
  options.concurrency = concurrency;
  transfer_loop loop(url, options);
  std::vector<http_reply> replies;
  for (std::uint64_t tag = 0; tag < count; ++tag) loop.submit({tag, std::to_string(tag)});
  while (loop.under_way() > 0) loop.wait(replies, 10);
  return replies;
}

}  // namespace

TEST_CASE("http2: a server that speaks it gets all requests at a time over one connection") {
  const outthink::test::tls_identity own("127.0.0.1");
  const std::string command = std::string("node ") + OUTTHINK_SOURCE_DIR +
                              "/tests/support/http2_server.mjs " + own.certificate_file() + " " +
                              own.key_file() + " 2>/dev/null";
  std::FILE* const server = ::popen(command.c_str(), "r");
  REQUIRE(server != nullptr);
  int port = 0;
  if (std::fscanf(server, "%d", &port) == 1) {
    const std::string url = "https://127.0.0.1:" + std::to_string(port);
    const auto replies = ask(url + "/", own.certificate_file(), 300, 90);
    REQUIRE(replies.size() == 300);
    std::vector<bool> seen(300);
    for (const http_reply& one : replies) {
      CHECK(one.problem == "");
      CHECK(one.body == "2.0 0 " + std::to_string(one.tag));
      CHECK(!seen[one.tag]);
      seen[one.tag] = true;
    }
    (void)ask(url + "/quit", own.certificate_file(), 1, 1);
  } else {
    MESSAGE("not tested: there is no node that runs http2_server.mjs");
  }
  ::pclose(server);
}

#endif
