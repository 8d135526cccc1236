// SPDX-License-Identifier: MIT
#include <outthink/core/budget.hpp>

#include <doctest/doctest.h>

#include <limits>

using outthink::budget;

TEST_CASE("budget limits nothing unless told so") {
  const budget limits;
  CHECK(limits.tokens == budget::kUnlimited);
  CHECK(limits.model_calls == budget::kUnlimited);
  CHECK(limits.verifier_calls == budget::kUnlimited);
  CHECK(limits.other_calls == budget::kUnlimited);
  CHECK(limits.flops == std::numeric_limits<double>::infinity());
  CHECK(limits.money == std::numeric_limits<double>::infinity());
  CHECK(limits.seconds == std::numeric_limits<double>::infinity());
}
