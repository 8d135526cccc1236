// SPDX-License-Identifier: MIT
#include <outthink/analysis/verification_budget.hpp>

#include <doctest/doctest.h>

using outthink::verification_budget;

TEST_CASE("verification_budget: 16 solutions verified 4 times cost 80 or 144 solutions") {
  const verification_budget some{16, 4};
  CHECK(some.cost(1) == 80);
  CHECK(some.cost(2) == 144);
  CHECK(verification_budget{16}.cost(2) == 16);
}

TEST_CASE("scaled: 16 times the budget is 4.857 times the solutions, 2.949 the verifications") {
  const auto larger = scaled(verification_budget{1, 1}, 16);
  CHECK(larger.solutions == doctest::Approx(4.857).epsilon(1e-4));
  CHECK(larger.verifications == doctest::Approx(2.949).epsilon(2e-4));
  CHECK(scaled(verification_budget{8, 2}, 1).solutions == 8);
  CHECK(scaled(verification_budget{8, 2}, 4, 0.5, 0).solutions == doctest::Approx(16));
  CHECK(scaled(verification_budget{8, 2}, 4, 0.5, 0).verifications == 2);
}
