// SPDX-License-Identifier: MIT
#include "letters.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/aggregators/round_robin.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

using namespace outthink;
using test::letters;

namespace {

template <class Judge>
outcome play(int solutions, Judge& judge, rating_rule ratings = rating_rule::bradley_terry) {
  const round_robin<repeated_sampling, Judge> policy{{.n = solutions}, judge, 2, ratings};
  return solve("p", letters(), policy, no_verifier{}, best_score{});
}

}  // namespace

TEST_CASE("round_robin ranks all solutions of a judge without error, by either rating") {
  auto judge = test::prefers_later_in("gbdhfaec");
  const auto result = play(8, judge);
  CHECK(test::ranking(result) == "ceafhdbg");
  CHECK(result.spent.other_calls == 8 * 7);
  CHECK(test::ranking(play(8, judge, rating_rule::elo)).front() == 'c');
}

// A judge that states probabilities of a Bradley-Terry model: its strengths come back, and with
// them the mean chance of each. The tenth of a win that is added moves them by a few percent.
TEST_CASE("round_robin recovers the chances that the judge's probabilities state") {
  const auto strength = [](std::string_view text) { return std::exp2(text[0] - 'a'); };
  backends::scripted_comparer judge([&](const comparison_request& asked, random_stream&) {
    return strength(asked.first) / (strength(asked.first) + strength(asked.second));
  });
  const auto result = play(4, judge);
  for (int i = 0; i < 4; ++i) {
    double expected = 0;
    for (int j = 0; j < 4; ++j)
      if (j != i) expected += 1 / (1 + std::exp2(j - i)) / 3;
    const auto score = result.candidates[static_cast<std::size_t>(i)].step_scores.back();
    CHECK(std::abs(static_cast<double>(score) - expected) < 0.06);
  }
  CHECK(test::ranking(result) == "dcba");
}

TEST_CASE(
    "round_robin: Bradley-Terry does not depend on who is asked first, draws keep the order") {
  const auto beats = [](char a, char b) {  // a circle a > b > c > a, all above d
    if (a == 'd' || b == 'd') return b == 'd';
    return (a + 1 - 'a') % 3 == b - 'a';
  };
  backends::scripted_comparer judge([&](const comparison_request& asked, random_stream&) {
    return beats(asked.first[0], asked.second[0]) ? 1.0 : 0.0;
  });
  const auto result = play(4, judge);
  const auto score = [&](std::size_t i) { return result.candidates[i].step_scores.back(); };
  CHECK(score(0) == doctest::Approx(static_cast<double>(score(1))).epsilon(1e-6));
  CHECK(score(1) == doctest::Approx(static_cast<double>(score(2))).epsilon(1e-6));
  CHECK(score(2) > score(3));
  backends::scripted_comparer draws([](const comparison_request&, random_stream&) { return 0.5; });
  CHECK(test::ranking(play(5, draws)) == "abcde");
}
