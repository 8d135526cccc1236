// SPDX-License-Identifier: MIT
#include <outthink/backends/http/transfer.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace outthink::backends::http;

namespace {

std::vector<std::string> lines(const header_list& headers) {
  std::vector<std::string> all;
  for (const curl_slist* at = headers.get(); at != nullptr; at = at->next) all.push_back(at->data);
  return all;
}

}  // namespace

TEST_CASE("make_headers: JSON both ways, no pause before the body, and the key if there is one") {
  const std::vector<std::string> common{"Content-Type: application/json",
                                        "Accept: application/json, text/event-stream", "Expect:"};
  CHECK(lines(make_headers("")) == common);
  auto with_key = common;
  with_key.push_back("Authorization: Bearer KEY1");
  CHECK(lines(make_headers("KEY1")) == with_key);
}

TEST_CASE("transfer: must be heard of in time, first from its beginning") {
  connection_options options;
  options.limits.first_byte = 5;
  const header_list headers = make_headers("");
  transfer line(options, headers.get());
  const std::string url = "http://127.0.0.1:1/";
  line.begin({3, "{}"}, url, 100);
  CHECK(line.deadline(101) == 105);
  CHECK(line.deadline(104) == 105);
  CHECK(line.request().tag == 3);
  line.begin({4, "{}"}, url, 200);
  CHECK(line.deadline(200) == 205);
  CHECK(line.status() == 0);
}

TEST_CASE("transfer: a health check must be answered within the time for a connection") {
  connection_options options;
  options.limits.connect = 3;
  const header_list headers = make_headers("");
  transfer line(options, headers.get());
  line.begin_check("http://127.0.0.1:1/health", 100);
  CHECK(line.checks());
  CHECK(line.deadline(101) == 103);
}

TEST_CASE("transfer: whoever watches a reply hears of every attempt's beginning") {
  connection_options options;
  const header_list headers = make_headers("");
  transfer line(options, headers.get());
  int begins = 0;
  http_request asked{1, "{}"};
  asked.enough = [&](std::string_view body) {
    begins += body.empty() ? 1 : 0;
    return false;
  };
  line.begin(asked, "http://127.0.0.1:1/", 0);
  line.begin(asked, "http://127.0.0.1:1/", 0);
  CHECK(begins == 2);
  CHECK(!line.stopped());
}
