// SPDX-License-Identifier: MIT
#include <outthink/core/outcome.hpp>

#include <doctest/doctest.h>

using outthink::outcome;
using outthink::outcome_status;
using outthink::to_string;

TEST_CASE("outcome without a choice has no answer") {
  const outcome nothing;
  CHECK_FALSE(nothing.has_answer());
  CHECK(nothing.chosen == outcome::none);
  CHECK(nothing.answer.empty());
  CHECK(nothing.confidence == 0);
}

TEST_CASE("outcome gives the candidate that represents its answer") {
  outcome result;
  result.candidates.resize(3);
  result.candidates[1].solution = "chosen";
  result.chosen = 1;
  CHECK(result.has_answer());
  CHECK(&result.best() == &result.candidates[1]);
}

TEST_CASE("outcome_status is spelled as in the code") {
  CHECK(to_string(outcome_status::answered) == "answered");
  CHECK(to_string(outcome_status::budget_spent) == "budget_spent");
  CHECK(to_string(outcome_status::cancelled) == "cancelled");
  CHECK(to_string(outcome_status::failed) == "failed");
  CHECK(to_string(static_cast<outcome_status>(99)) == "unknown");
}
