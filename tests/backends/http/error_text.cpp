// SPDX-License-Identifier: MIT
#include <outthink/backends/http/error_text.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace outthink::backends::http;

TEST_CASE("printable_url: shows host and path, never user, password, query or fragment") {
  CHECK(printable_url("http://a.b:80/v1/x") == "http://a.b:80/v1/x");
  CHECK(printable_url("https://user:pw@a.b/v1?key=1#x") == "https://a.b/v1");
  CHECK(printable_url("https://user:p@w@a.b") == "https://a.b");
  CHECK(printable_url("http://a.b/mail@c") == "http://a.b/mail@c");
  CHECK(printable_url("http://a.b?u=x@y") == "http://a.b");
}

TEST_CASE("excerpt: the first 200 bytes, on one line, without the secret") {
  CHECK(excerpt("short\nand\x01so", "") == "short and so");
  CHECK(excerpt("", "key") == "");
  CHECK(excerpt("bad key KEY1, not KEY1!", "KEY1") == "bad key ***, not ***!");
  const std::string exactly(200, 'x');
  CHECK(excerpt(exactly, "") == exactly);
  CHECK(excerpt(exactly + "y", "") == exactly + "...");
  const std::string at_the_cut = std::string(197, 'x') + "SECRET and more";
  CHECK(excerpt(at_the_cut, "SECRET") == std::string(197, 'x') + "***...");
  const std::string beyond = std::string(199, 'x') + "SECRET and more";
  CHECK(excerpt(beyond, "SECRET").find('S') == std::string::npos);
}

TEST_CASE("advice: says what to do about a status") {
  CHECK(advice(301).find("final URL") != std::string::npos);
  CHECK(advice(401) == advice(403));
  CHECK(advice(404).find("model's name") != std::string::npos);
  CHECK(advice(503).find("log") != std::string::npos);
}
