// SPDX-License-Identifier: MIT
#include <outthink/backends/simulator/answer_statistics.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

using outthink::backends::answer_statistics;
using outthink::backends::validate;

TEST_CASE("validate names the number that is out of its range") {
  CHECK_NOTHROW(validate(answer_statistics{}));
  CHECK_NOTHROW(validate(
      {.correlation = 0, .agreement = 1, .steps = 1, .tokens = 1, .spread = 0, .auc = 0.5}));
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const std::vector<std::pair<const char*, answer_statistics>> wrong{
      {"accuracy", {.accuracy = 0}},
      {"accuracy", {.accuracy = 1}},
      {"accuracy", {.accuracy = kNone}},
      {"correlation", {.correlation = -0.1}},
      {"correlation", {.correlation = 1}},
      {"agreement", {.agreement = 0}},
      {"agreement", {.agreement = 1.1}},
      {"steps", {.steps = 0}},
      {"tokens", {.tokens = 0.5}},
      {"spread", {.spread = -1}},
      {"auc", {.auc = 0.4}},
      {"auc", {.auc = 1}}};
  for (const auto& [name, habits] : wrong) {
    CHECK_THROWS_WITH_AS(validate(habits), doctest::Contains(name), outthink::error);
  }
}
