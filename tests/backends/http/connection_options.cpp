// SPDX-License-Identifier: MIT
#include <outthink/backends/http/connection_options.hpp>

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

using namespace outthink::backends::http;
using outthink::error;

TEST_CASE(
    "key_from_environment: gives the variable's value, or names the variable that is missing") {
  setenv("OUTTHINK_TEST_KEY", "secret", 1);
  CHECK(key_from_environment("OUTTHINK_TEST_KEY") == "secret");
  setenv("OUTTHINK_TEST_KEY", "", 1);
  CHECK_THROWS_WITH_AS((void)key_from_environment("OUTTHINK_TEST_KEY"),
                       doctest::Contains("OUTTHINK_TEST_KEY is not set"), error);
  unsetenv("OUTTHINK_TEST_KEY");
  CHECK_THROWS_AS((void)key_from_environment("OUTTHINK_TEST_KEY"), error);
}

TEST_CASE(
    "connection_options: values outside their range are refused, and no message has the key") {
  connection_options options;
  CHECK_NOTHROW(validate(options));
  options.limits.idle = 0;
  CHECK_THROWS_AS(validate(options), error);
  options = {};
  options.concurrency = 0;
  CHECK_THROWS_AS(validate(options), error);
  options = {};
  options.retry.attempts = 0;
  CHECK_THROWS_AS(validate(options), error);
  options = {};
  options.api_key = "secret\r\nX-Other: 1";  // would add a header
  try {
    validate(options);
    FAIL("a key with a line break passes");
  } catch (const error& problem) {
    CHECK(std::string(problem.what()).find("secret") == std::string::npos);
  }
}
