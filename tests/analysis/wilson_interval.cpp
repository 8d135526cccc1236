// SPDX-License-Identifier: MIT
#include <outthink/analysis/wilson_interval.hpp>

#include <doctest/doctest.h>

using namespace outthink;

TEST_CASE("wilson_interval agrees with published values") {
  // R. Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I.
  const interval a = wilson_interval(81, 263);
  CHECK(a.low == doctest::Approx(0.2553).epsilon(2e-4));
  CHECK(a.high == doctest::Approx(0.3662).epsilon(2e-4));
  const interval b = wilson_interval(15, 148);
  CHECK(b.low == doctest::Approx(0.0624).epsilon(1e-3));
  CHECK(b.high == doctest::Approx(0.1605).epsilon(1e-3));
}

TEST_CASE("wilson_interval stays within 0 and 1 at the ends") {
  CHECK(wilson_interval(0, 20).low == 0.0);
  CHECK(wilson_interval(0, 20).high == doctest::Approx(0.1611).epsilon(1e-3));
  CHECK(wilson_interval(29, 29).low == doctest::Approx(0.8830).epsilon(1e-3));
  CHECK(wilson_interval(29, 29).high == 1.0);
  CHECK(wilson_interval(0, 0).low == 0.0);
  CHECK(wilson_interval(0, 0).high == 1.0);
}
