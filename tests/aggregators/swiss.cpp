// SPDX-License-Identifier: MIT
#include "letters.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/aggregators/swiss.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace outthink;
using test::letters;

namespace {

template <class Judge>
outcome play(int solutions, Judge& judge, int rounds, rating_rule ratings = rating_rule::elo) {
  const swiss<repeated_sampling, Judge> policy{{.n = solutions}, judge, rounds, 2, ratings};
  return solve("p", letters(), policy, no_verifier{}, best_score{});
}

}  // namespace

TEST_CASE("swiss finds the best of 8 in three rounds, by either rating") {
  for (const auto rule : {rating_rule::elo, rating_rule::bradley_terry}) {
    auto judge = test::prefers_later_in("gbdhfaec");
    const auto result = play(8, judge, 3, rule);
    CHECK(result.answer == "c");
    CHECK(result.spent.other_calls == 3 * 4 * 2);
  }
}

TEST_CASE("swiss with enough rounds ranks all solutions in their order") {
  auto judge = test::prefers_later_in("gbdhfaec");
  const auto result = play(8, judge, 100);
  CHECK(test::ranking(result) == "ceafhdbg");
  CHECK(result.spent.other_calls == 8 * 7);
}

TEST_CASE("swiss: nobody meets the same one twice, and it ends where all have met") {
  std::set<std::pair<std::string, std::string>> met;
  std::size_t asked_in_all = 0;
  backends::scripted_comparer judge([&](const comparison_request& asked, random_stream&) {
    met.emplace(asked.first, asked.second);
    ++asked_in_all;
    return asked.first > asked.second ? 1.0 : 0.0;
  });
  const auto result = play(5, judge, 100);
  CHECK(met.size() == asked_in_all);  // each pair once each way round
  CHECK(asked_in_all <= 5 * 4);
  CHECK(result.answer == "e");
}

TEST_CASE(
    "swiss: equal ratings keep the order of the solutions, one is sure, options are checked") {
  backends::scripted_comparer draws([](const comparison_request&, random_stream&) { return 0.5; });
  CHECK(test::ranking(play(6, draws, 3)) == "abcdef");
  CHECK(play(6, draws, 3).confidence == doctest::Approx(0.5));
  CHECK(play(1, draws, 3).confidence == 1);
  CHECK(play(1, draws, 3).spent.other_calls == 0);
  CHECK(play(4, draws, 0).message.find("swiss: rounds and comparisons") != std::string::npos);
}
