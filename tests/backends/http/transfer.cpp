// SPDX-License-Identifier: MIT
#include <outthink/backends/http/transfer.hpp>

#include <doctest/doctest.h>

#include <string>
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
                                        "Accept: application/json", "Expect:"};
  CHECK(lines(make_headers("")) == common);
  auto with_key = common;
  with_key.push_back("Authorization: Bearer KEY1");
  CHECK(lines(make_headers("KEY1")) == with_key);
}

TEST_CASE("transfer: must be heard of in time, first from its beginning") {
  connection_options options;
  options.limits.first_byte = 5;
  const header_list headers = make_headers("");
  transfer line("http://127.0.0.1:1/", options, headers.get());
  line.begin({3, "{}"}, 100);
  CHECK(line.deadline(101) == 105);
  CHECK(line.deadline(104) == 105);
  CHECK(line.request().tag == 3);
  line.begin({4, "{}"}, 200);
  CHECK(line.deadline(200) == 205);
  CHECK(line.status() == 0);
}
