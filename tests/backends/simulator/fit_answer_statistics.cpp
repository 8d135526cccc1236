// SPDX-License-Identifier: MIT
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/simulator/fit_answer_statistics.hpp>
#include <outthink/backends/simulator/synthetic_model.hpp>
#include <outthink/backends/simulator/synthetic_verifier.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

using namespace outthink;
using namespace outthink::backends;

namespace {

std::vector<std::vector<graded_answer>> record(const answer_statistics& habits, int problems,
                                               int n) {
  synthetic_model model(habits);
  synthetic_verifier judge(habits);
  std::vector<problem> all;
  for (int i = 0; i < problems; ++i) all.emplace_back("problem " + std::to_string(i));
  std::vector<std::vector<graded_answer>> recorded;
  for (const outcome& one : solve_all(all, model, repeated_sampling{.n = n}, judge, majority_vote{},
                                      {.answer = &synthetic_model::answer_of})) {
    recorded.emplace_back();
    for (const candidate& c : one.candidates)
      recorded.back().push_back({c.answer, c.answer == "right", static_cast<double>(c.tokens),
                                 static_cast<int>(c.step_ends.size()), c.step_scores.back()});
  }
  return recorded;
}

}  // namespace

TEST_CASE("fit_answer_statistics finds the habits that samples were made with") {
  const answer_statistics habits{.accuracy = 0.35,
                                 .correlation = 0.5,
                                 .agreement = 0.15,
                                 .steps = 3,
                                 .tokens = 200,
                                 .spread = 0.4,
                                 .auc = 0.85};
  // However few samples there are of each problem.
  for (const int n : {4, 32}) {
    const auto found = fit_answer_statistics(record(habits, n == 4 ? 4000 : 1500, n));
    CHECK(found.accuracy == doctest::Approx(habits.accuracy).epsilon(0.06));
    CHECK(found.correlation == doctest::Approx(habits.correlation).epsilon(0.06));
    CHECK(found.agreement == doctest::Approx(habits.agreement).epsilon(0.1));
    CHECK(found.steps == habits.steps);
    CHECK(found.tokens == doctest::Approx(habits.tokens).epsilon(0.02));
    CHECK(found.spread == doctest::Approx(habits.spread).epsilon(0.05));
    CHECK(found.auc == doctest::Approx(habits.auc).epsilon(0.02));
  }
}

TEST_CASE("fit_answer_statistics counts pairs") {
  // Right with 2 of 3 and 0 of 2; wrong pairs: one, which agrees; scores: 2 pairs, one tied.
  const std::vector<std::vector<graded_answer>> recorded{
      {{"a", true, 10, 1, 0.5F}, {"a", true, 20, 1, 0.9F}, {"b", false, 30, 1, 0.5F}},
      {{"c", false, 10, 1}, {"c", false, 30, 1}}};
  const auto found = fit_answer_statistics(recorded);
  CHECK(found.accuracy == doctest::Approx(1.0 / 3));
  // Both right: 1/3 and 0, a mean of 1/6 against (1/3)^2 for none and 1/3 for a correlation of 1.
  CHECK(found.correlation == doctest::Approx((1.0 / 6 - 1.0 / 9) / (2.0 / 9)));
  CHECK(found.agreement == doctest::Approx(0.9999));
  CHECK(found.auc == doctest::Approx(0.75));
  CHECK(found.tokens == doctest::Approx(20));
  CHECK(found.spread == doctest::Approx(std::sqrt(80.0) / 20));
}

TEST_CASE("fit_answer_statistics moves what is at an end inside, and needs two samples") {
  const std::vector<std::vector<graded_answer>> all_right{{{"a", true, 1}, {"a", true, 1}}};
  const auto found = fit_answer_statistics(all_right);
  CHECK(found.accuracy < 1);
  CHECK(found.correlation >= 0);
  CHECK(found.auc == answer_statistics{}.auc);
  CHECK(found.agreement == answer_statistics{}.agreement);
  CHECK_NOTHROW(synthetic_model{found});
  CHECK_THROWS_AS((void)fit_answer_statistics({}), outthink::error);
  const std::vector<std::vector<graded_answer>> single{{{"a", true, 1}}};
  CHECK_THROWS_AS((void)fit_answer_statistics(single), outthink::error);
}
