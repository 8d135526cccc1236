// SPDX-License-Identifier: MIT
#include <outthink/core/candidate.hpp>

#include <doctest/doctest.h>

using outthink::candidate;

TEST_CASE("candidate cuts its solution at the ends of its steps") {
  candidate made;
  made.solution = "one\n\ntwo\nthree";
  made.step_ends = {4, 5, 9, 14};
  CHECK(made.steps() == 4);
  CHECK(made.step(0) == "one\n");
  CHECK(made.step(1) == "\n");
  CHECK(made.step(2) == "two\n");
  CHECK(made.step(3) == "three");
}

TEST_CASE("candidate without a solution has no steps") {
  const candidate none;
  CHECK(none.steps() == 0);
  CHECK(none.step_scores.empty());
  CHECK(none.tokens == 0);
}

TEST_CASE("candidate votes with its key, or with its answer if it has none") {
  candidate made;
  made.answer = "0.5";
  CHECK(made.vote() == "0.5");
  made.key = "1/2";
  CHECK(made.vote() == "1/2");
}
