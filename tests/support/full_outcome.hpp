// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/outcome.hpp>

#include <cmath>
#include <limits>
#include <string>

namespace outthink::test {

/// An outcome of which no member is as it was made, with odd numbers and any bytes.
inline outcome full_outcome() {
  outcome made;
  made.answer = std::string("a\0b\xFF", 4);
  made.confidence = 0.1 + 0.2;
  made.status = outcome_status::budget_spent;
  made.chosen = 1;
  candidate first{"s\n", "x", "k", {2, 5}, {0.5F, std::nanf("7")}, -0.0, 3};
  candidate second;
  second.logprob = -std::numeric_limits<double>::infinity();
  second.step_scores = {std::numeric_limits<float>::denorm_min()};
  made.candidates = {first, second};
  made.spent = {1, 2, 3, 4, 5, 6, 7.5, 8.25, 1e-300};
  made.seconds = 12.5;
  made.message = "why";
  return made;
}

}  // namespace outthink::test
