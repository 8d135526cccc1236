// SPDX-License-Identifier: MIT
#include <outthink/interop/fmt.hpp>

#include <doctest/doctest.h>

using namespace outthink;

TEST_CASE("an outcome is formatted as one line") {
  outcome result;
  CHECK(fmt::format("{}", result) == "no answer  (0 % sure, 0 tokens)");
  result.answer = "42";
  result.chosen = 0;
  result.confidence = 0.256;
  result.spent.tokens = 17;
  CHECK(fmt::format("{}", result) == "42  (26 % sure, 17 tokens)");
  result.status = outcome_status::budget_spent;
  CHECK(fmt::format("{}", result) == "42  (26 % sure, 17 tokens, budget_spent)");
  result.status = outcome_status::failed;
  result.message = "the model is down";
  CHECK(fmt::format("{}", result) == "failed: the model is down");
}

TEST_CASE("a candidate is formatted as its steps, with scores where there are any") {
  candidate made;
  made.solution = "1+1=2\n2+2=4\n";
  made.step_ends = {6, 12};
  CHECK(fmt::format("{}", made) == "1+1=2\n2+2=4\n");
  made.step_scores = {0.25F, 1.0F};
  CHECK(fmt::format("{}", made) == " 0.250  1+1=2\n 1.000  2+2=4\n");
}

TEST_CASE("codes and statuses are formatted as words") {
  CHECK(fmt::format("{}", outcome_status::cancelled) == "cancelled");
  CHECK(fmt::format("{}", errc::file_unreadable) == "the file could not be read");
}
