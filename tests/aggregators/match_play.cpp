// SPDX-License-Identifier: MIT
#include "letters.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/aggregators/match_play.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace outthink;
using kernels::match;

namespace {

/// Plays a against b and c against a, and leaves the results as the scores of a and c.
template <class Judge>
struct two_matches {
  Judge& judge;
  int comparisons;

  task<candidate_nodes> operator()(search auto& s) const {
    const frontier ends = co_await s.complete(s.root(), 3);
    s.retire(ends);
    const auto texts = detail::solutions_at(s.tree(), ends);
    std::vector<match> matches{{0, 1}, {2, 0}};
    const auto played = co_await detail::play(s, judge, texts, std::move(matches), comparisons);
    CHECK(played[0].first == 0);
    CHECK(played[1].first == 2);
    const std::vector<float> scores{played[0].result, 0, played[1].result};
    detail::score_solutions(s, ends, scores);
    co_return s.candidates();
  }
};

template <class Judge>
std::pair<float, float> results_by(Judge& judge, int comparisons) {
  const auto result = solve("p", test::letters(), two_matches<Judge>{judge, comparisons},
                            no_verifier{}, best_score{});
  return {result.candidates[0].step_scores[0], result.candidates[2].step_scores[0]};
}

}  // namespace

TEST_CASE("play asks every second comparison the other way round and takes the mean") {
  std::vector<std::string> asked_about;
  backends::scripted_comparer judge([&](const comparison_request& asked, random_stream&) {
    CHECK(asked.problem == "p");
    asked_about.push_back(std::string(asked.first) + std::string(asked.second));
    return asked.first == "a" ? 0.75 : 0.5;
  });
  const auto [ab, ca] = results_by(judge, 3);
  CHECK(asked_about == std::vector<std::string>{"ab", "ba", "ab", "ca", "ac", "ca"});
  CHECK(ab == doctest::Approx((0.75 + 0.5 + 0.75) / 3));
  CHECK(ca == doctest::Approx((0.5 + 0.25 + 0.5) / 3));
}

TEST_CASE("play gives every comparison random numbers of its own") {
  std::set<std::pair<std::uint64_t, std::uint64_t>> streams;
  backends::scripted_comparer judge([&](const comparison_request& asked, random_stream&) {
    streams.emplace(asked.stream.key, asked.stream.place);
    return 0.5;
  });
  results_by(judge, 50);
  CHECK(streams.size() == 100);
}

TEST_CASE("ratings_of: Elo by single steps, Bradley-Terry from all results at once") {
  const std::vector<match> won{{0, 1, 1}};
  CHECK(detail::ratings_of(won, 2, rating_rule::elo) == std::vector<double>{1216, 1184});
  // .1 and 1.1 wins: the likeliest odds are 11.
  const auto likeliest = detail::ratings_of(won, 2, rating_rule::bradley_terry);
  CHECK(likeliest[0] - likeliest[1] == doctest::Approx(400 * std::log10(11)));
  const auto unplayed = detail::ratings_of({}, 3, rating_rule::bradley_terry);
  CHECK(unplayed == std::vector<double>{0, 0, 0});
}

TEST_CASE("ratings_of: Bradley-Terry is the same in any order of the matches, Elo is not") {
  const std::vector<match> one{{0, 1, 1}, {1, 2, 1}, {2, 0, 1}, {0, 1, 1}};
  const std::vector<match> other{one[2], one[3], one[0], one[1]};
  const auto a = detail::ratings_of(one, 3, rating_rule::bradley_terry);
  const auto b = detail::ratings_of(other, 3, rating_rule::bradley_terry);
  for (std::size_t i = 0; i < 3; ++i) CHECK(a[i] == doctest::Approx(b[i]).epsilon(1e-9));
  CHECK(detail::ratings_of(one, 3, rating_rule::elo) !=
        detail::ratings_of(other, 3, rating_rule::elo));
}

TEST_CASE("win_chances are mean chances against the others; a lone one is sure of itself") {
  const auto chances = detail::win_chances(std::vector<double>{1600, 1200, 1200});
  CHECK(chances[0] == doctest::Approx(10.0 / 11));
  CHECK(chances[1] == doctest::Approx((1.0 / 11 + 0.5) / 2));
  CHECK(chances[1] == chances[2]);
  CHECK(detail::win_chances(std::vector<double>{1200}) == std::vector<float>{1});
  CHECK(detail::win_chances({}).empty());
}
