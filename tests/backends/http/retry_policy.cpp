// SPDX-License-Identifier: MIT
#include <outthink/backends/http/retry_policy.hpp>

#include <doctest/doctest.h>

using outthink::backends::http::may_pass;
using outthink::backends::http::retry_policy;

TEST_CASE(
    "retry_policy: the bound of the delay doubles up to its limit, the delay is a share of it") {
  const retry_policy policy{.attempts = 9, .first_delay = 0.5, .longest_delay = 3};
  CHECK(policy.delay(1, 0.5, 0) == 0.25);
  CHECK(policy.delay(2, 0.5, 0) == 0.5);
  CHECK(policy.delay(3, 0.5, 0) == 1.0);
  CHECK(policy.delay(4, 0.5, 0) == 1.5);
  CHECK(policy.delay(2000, 0.5, 0) == 1.5);
  CHECK(policy.delay(4, 0, 0) == 0);
}

TEST_CASE("retry_policy: a delay that the server asks for comes first, and never early") {
  const retry_policy policy{.first_delay = 1, .longest_delay = 8};
  CHECK(policy.delay(1, 0, 20) == 20);
  CHECK(policy.delay(1, 0.5, 20) == 20.5);
  CHECK(policy.delay(1, 0.5, -3) == 0.5);
}

TEST_CASE("retry_policy: exactly the statuses that may pass are tried again") {
  for (long status = 0; status < 700; ++status) {
    const bool passes = status == 408 || status == 409 || status == 425 || status == 429 ||
                        (status >= 500 && status < 600);
    CHECK(may_pass(status) == passes);
  }
}
