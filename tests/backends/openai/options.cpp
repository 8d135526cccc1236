// SPDX-License-Identifier: MIT
#include <outthink/backends/openai/options.hpp>

#include <doctest/doctest.h>

using namespace outthink::backends;

TEST_CASE("openai_options: by default nothing is guessed, and no extension is used") {
  const openai_options options;
  CHECK(options.unclear == unclear_stop::refuse);
  CHECK(!options.exact);
  CHECK(options.connection.api_key.empty());
  CHECK_NOTHROW(validate(options.connection));
}
