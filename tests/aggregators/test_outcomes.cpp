// SPDX-License-Identifier: MIT
#include "tested.hpp"
#include <outthink/aggregators/test_outcomes.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using outthink::outcome;
using outthink::detail::test_outcomes;
using outthink::test::tested;

TEST_CASE("test_outcomes keeps a row for each candidate that ran") {
  const std::string long_row(70, '1');
  const auto programs = tested({"", "10t1x", "", "01100"});
  const test_outcomes outcomes(programs);
  const auto matrix = outcomes.matrix();
  CHECK(matrix.solutions == 2);
  CHECK(matrix.tests == 5);
  const bool first[] = {true, false, false, true, false};
  for (std::size_t t = 0; t < 5; ++t) CHECK(matrix.passes(0, t) == first[t]);
  CHECK(test_outcomes(tested({long_row.c_str(), long_row.c_str()})).matrix().passes(1, 69));
}

TEST_CASE("test_outcomes chooses the first with the best score, as sure as few have it") {
  const auto programs = tested({"", "1", "0", "1", "1"});
  const test_outcomes outcomes(programs);
  const std::vector<double> scores{1, 3, 2, 3};
  CHECK(outcomes.best(scores, 0).chosen == 2);
  CHECK(outcomes.best(scores, 0).confidence == 0.5);
  CHECK(outcomes.best(scores, 3).chosen == 2);
  CHECK(outcomes.best(scores, 3).confidence == 0);
  CHECK(test_outcomes({}).best({}, 0).chosen == outcome::none);
}

TEST_CASE("test_outcomes refuses rows of different lengths, and says which") {
  std::string said;
  try {
    const test_outcomes outcomes(tested({"101", "", "10"}));
  } catch (const outthink::error& e) {
    said = e.what();
  }
  CHECK(said.find("candidate 2 has 2 test outcomes, those before it have 3") != std::string::npos);
}
