// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

namespace outthink::backends {

/// What is known of a model's answers to a set of problems, and of a verifier's scores of them:
/// enough to make up a model of the same habits (`synthetic_model`, `synthetic_verifier`). From
/// recorded answers: `fit_answer_statistics`.
struct answer_statistics {
  double accuracy = 0.5;     ///< probability that a sample is right, in (0, 1)
  double correlation = 0.4;  ///< of two samples of a problem: 0 all problems alike, 1 each of them
                             ///< always right or always wrong; in [0, 1)
  double agreement = 0.2;    ///< probability that two wrong samples of a problem agree, in (0, 1]
  int steps = 8;             ///< lines of a solution, at least 1
  double tokens = 500;       ///< mean length of a solution, at least 1
  double spread = 0.5;       ///< standard deviation of the length over its mean, not negative
  double auc = 0.8;  ///< probability that the verifier scores a right solution above a wrong one of
                     ///< the same problem, in [0.5, 1)
};

/// Throws `errc::invalid_argument` if a number is outside its range.
inline void validate(const answer_statistics& habits) {
  const auto inside = [](double value) { return value > 0 && value < 1; };
  require(inside(habits.accuracy), "answer_statistics.accuracy must lie in (0, 1)");
  require(habits.correlation >= 0 && habits.correlation < 1,
          "answer_statistics.correlation must lie in [0, 1)");
  require(habits.agreement > 0 && habits.agreement <= 1,
          "answer_statistics.agreement must lie in (0, 1]");
  require(habits.steps >= 1, "answer_statistics.steps must be at least 1");
  require(habits.tokens >= 1, "answer_statistics.tokens must be at least 1");
  require(habits.spread >= 0, "answer_statistics.spread must not be negative");
  require(habits.auc >= 0.5 && habits.auc < 1, "answer_statistics.auc must lie in [0.5, 1)");
}

}  // namespace outthink::backends
