// SPDX-License-Identifier: MIT
#include "letters.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/aggregators/knockout.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

using namespace outthink;
using test::letters;

namespace {

template <class Judge>
outcome play(int solutions, Judge& judge, int comparisons = 2) {
  const knockout<repeated_sampling, Judge> policy{{.n = solutions}, judge, comparisons};
  return solve("p", letters(), policy, no_verifier{}, best_score{});
}

}  // namespace

TEST_CASE("knockout finds the best of any number of solutions for n - 1 pairs' comparisons") {
  const std::string order = "hcfbadegijk";
  for (int n = 1; n <= 11; ++n) {
    auto judge = test::prefers_later_in(order);
    const auto result = play(n, judge, 3);
    char best = 'a';
    for (int i = 1; i < n; ++i)
      if (order.find(static_cast<char>('a' + i)) > order.find(best))
        best = static_cast<char>('a' + i);
    CHECK(result.answer == std::string(1, best));
    CHECK(result.confidence == 1);
    CHECK(result.spent.other_calls == static_cast<std::uint64_t>(3 * (n - 1)));
    CHECK(result.candidates.size() == static_cast<std::size_t>(n));
  }
}

TEST_CASE("knockout scores a solution by the share of rounds it survived") {
  auto judge = test::prefers_later_in("abcdefgh");
  const auto result = play(8, judge);
  std::vector<float> survived;
  for (const candidate& made : result.candidates) survived.push_back(made.step_scores.back() * 3);
  CHECK(survived == std::vector<float>{0, 1, 0, 2, 0, 1, 0, 3});
}

TEST_CASE("knockout: a judge who goes by position sees draws, and the earlier goes on") {
  backends::scripted_comparer second([](const comparison_request&, random_stream&) { return 0.0; });
  CHECK(play(8, second, 2).answer == "a");
  CHECK(play(8, second, 1).answer == "h");
  backends::scripted_comparer nan([](const comparison_request&, random_stream&) { return NAN; });
  CHECK(play(8, nan, 1).answer == "a");
}

// The best of 8 wins three matches: p³ for matches won with p, which a judge right with 3/4 makes
// of one comparison 3/4, of three 27/32. 3,000 tournaments each, within 4 deviations: a false alarm
// once in 16,000.
TEST_CASE("knockout by a judge who errs finds the best as often as the closed form says") {
  backends::scripted_comparer judge([](const comparison_request& asked, random_stream& random) {
    const bool first_is_better = asked.first > asked.second;
    return (random.uniform() < 0.75) == first_is_better ? 1.0 : 0.0;
  });
  std::vector<problem> problems;
  for (int i = 0; i < 3000; ++i) problems.emplace_back("problem " + std::to_string(i));
  for (const int comparisons : {1, 3}) {
    const double won = comparisons == 1 ? 0.75 : 27.0 / 32, expected = won * won * won;
    using judged = knockout<repeated_sampling, decltype(judge)>;
    const auto outcomes = solve_all(problems, letters(), judged{{.n = 8}, judge, comparisons},
                                    no_verifier{}, best_score{});
    double found = 0;
    for (const outcome& one : outcomes) found += one.answer == "h" ? 1 : 0;
    const double deviation = std::sqrt(expected * (1 - expected) / 3000);
    CHECK(std::abs(found / 3000 - expected) < 4 * deviation);
  }
}

TEST_CASE("knockout fails its own problem alone where the judge could not answer") {
  backends::scripted_comparer judge([](const comparison_request& asked, random_stream&) {
    comparison made{.first_wins = 1};
    if (asked.problem == "bad") made.failure = "no reply";
    return made;
  });
  const std::vector<problem> problems{"good", "bad"};
  using judged = knockout<repeated_sampling, decltype(judge)>;
  const auto outcomes =
      solve_all(problems, letters(), judged{{.n = 4}, judge}, no_verifier{}, best_score{});
  CHECK(outcomes[0].answer == "a");
  CHECK(outcomes[1].status == outcome_status::failed);
  CHECK(outcomes[1].message.find("comparer: no reply") != std::string::npos);
  CHECK(play(4, judge, 0).message.find("knockout: comparisons") != std::string::npos);
}

TEST_CASE("knockout gives the same outcome for any batch size, and none for no solution") {
  backends::scripted_comparer judge(
      [](const comparison_request&, random_stream& random) { return random.uniform(); });
  using judged = knockout<repeated_sampling, decltype(judge)>;
  const auto answer = [&judge](std::size_t max_batch) {
    return solve("p", letters(), judged{{.n = 16}, judge}, no_verifier{}, best_score{},
                 {.max_batch = max_batch});
  };
  const auto all = answer(512), one = answer(1);
  CHECK(test::ranking(all) == test::ranking(one));
  CHECK(all.answer == one.answer);
  auto cut = letters();
  cut.depth = 3;
  const auto none = solve("p", cut, judged{{.n = 4}, judge}, no_verifier{}, best_score{},
                          {.steps = {.max_total_tokens = 1}});
  CHECK_FALSE(none.has_answer());
}
