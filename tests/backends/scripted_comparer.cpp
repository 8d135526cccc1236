// SPDX-License-Identifier: MIT
#include <outthink/backends/scripted_comparer.hpp>

#include <doctest/doctest.h>

#include <vector>

using outthink::comparison;
using outthink::comparison_request;
using outthink::random_stream;
using outthink::backends::scripted_comparer;

TEST_CASE("scripted_comparer answers with what the script says, in order") {
  scripted_comparer judge([](const comparison_request& asked, random_stream&) {
    return asked.first < asked.second ? 0.875 : 0.25;
  });
  static_assert(outthink::comparer<decltype(judge)>);
  const std::vector<comparison_request> pairs{{"p", "a", "b"}, {"p", "b", "a"}};
  const auto answers = judge.answer(pairs);
  REQUIRE(answers.size() == 2);
  CHECK(answers[0].first_wins == 0.875F);
  CHECK(answers[1].first_wins == 0.25F);
}

TEST_CASE("scripted_comparer lets the script write whole answers, costs and failures included") {
  scripted_comparer judge([](const comparison_request& asked, random_stream&) {
    comparison made;
    if (asked.first.empty()) made.failure = "nothing to compare";
    made.spent.tokens_read = 7;
    return made;
  });
  const std::vector<comparison_request> pairs{{"p", "", "b"}};
  const auto answers = judge.answer(pairs);
  CHECK(answers[0].failure == "nothing to compare");
  CHECK(answers[0].spent.tokens_read == 7);
}

TEST_CASE("scripted_comparer draws from the stream of the request, whatever the batch") {
  scripted_comparer judge(
      [](const comparison_request&, random_stream& random) { return random.uniform(); });
  const std::vector<comparison_request> pairs{{"p", "a", "b", {.key = 1, .place = 1}},
                                              {"p", "a", "b", {.key = 1, .place = 2}}};
  const auto together = judge.answer(pairs);
  const auto alone = judge.answer(std::span(pairs).last(1));
  CHECK(together[0].first_wins != together[1].first_wins);
  CHECK(together[1].first_wins == alone[0].first_wins);
}
