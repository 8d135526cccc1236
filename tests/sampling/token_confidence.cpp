// SPDX-License-Identifier: MIT
#include <outthink/sampling/token_confidence.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>
#include <vector>

using outthink::token_confidence;
using outthink::token_statistic;

namespace {

std::vector<float> logits_of(std::initializer_list<double> probabilities) {
  std::vector<float> logits;
  for (const double p : probabilities) logits.push_back(static_cast<float>(std::log(p)) + 3);
  return logits;
}

}  // namespace

TEST_CASE("token_confidence gives the published values") {
  const auto first = logits_of({.7, .1, .1, .1}), second = logits_of({.97, .01, .01, .01});
  const token_confidence self{token_statistic::self_certainty};
  CHECK(self(first, 0) == doctest::Approx(0.429813).epsilon(1e-5));
  CHECK(self(second, 2) == doctest::Approx(2.075198).epsilon(1e-5));
  CHECK(std::abs(self(logits_of({.25, .25, .25, .25}), 0)) < 1e-5F);
  const token_confidence top_two{.likeliest = 2};
  CHECK(top_two(first, 3) == doctest::Approx(1.329630).epsilon(1e-5));
}

TEST_CASE("token_confidence: entropy is negative so that higher is surer, logprob is the token's") {
  const auto logits = logits_of({.5, .25, .25});
  CHECK(token_confidence{token_statistic::negative_entropy}(logits, 1) ==
        doctest::Approx(-1.5 * std::log(2.0)).epsilon(1e-5));
  CHECK(token_confidence{token_statistic::logprob}(logits, 1) ==
        doctest::Approx(-std::log(4.0)).epsilon(1e-5));
}

TEST_CASE("token_confidence refuses a number of likeliest tokens out of range") {
  const auto logits = logits_of({.5, .5});
  CHECK_THROWS_AS(token_confidence{.likeliest = 0}(logits, 0), outthink::error);
  CHECK_THROWS_AS(token_confidence{.likeliest = 513}(logits, 0), outthink::error);
}
