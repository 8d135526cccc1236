// SPDX-License-Identifier: MIT
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/simulator/synthetic_model.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

using namespace outthink;
using backends::answer_statistics;
using backends::synthetic_model;

static_assert(language_model<synthetic_model>);

namespace {

std::vector<problem> problems_of(int count) {
  std::vector<problem> all;
  for (int i = 0; i < count; ++i) all.emplace_back("problem " + std::to_string(i));
  return all;
}

std::vector<outcome> samples_of(const answer_statistics& habits, int problems, int n) {
  synthetic_model model(habits);
  return solve_all(problems_of(problems), model, repeated_sampling{.n = n}, no_verifier{},
                   majority_vote{}, {.answer = &synthetic_model::answer_of});
}

}  // namespace

TEST_CASE("synthetic_model is right, alike from sample to sample, and in agreement as asked for") {
  // 2,000 problems with 20 samples each: standard errors below .006 for the first, .01 for the
  // others.
  const answer_statistics habits{.accuracy = 0.4, .correlation = 0.3, .agreement = 0.25};
  double right = 0, both = 0, wrong_pairs = 0, agreeing = 0;
  for (const outcome& one : samples_of(habits, 2000, 20)) {
    std::map<std::string, double> count;
    for (const candidate& c : one.candidates) count[c.answer] += 1;
    const double r = count["right"], n = 20;
    right += r / n;
    both += r * (r - 1) / (n * (n - 1));
    wrong_pairs += (n - r) * (n - r - 1);
    for (const auto& [answer, votes] : count)
      if (answer != "right") agreeing += votes * (votes - 1);
  }
  CHECK(right / 2000 == doctest::Approx(0.4).epsilon(0.05));
  CHECK(both / 2000 == doctest::Approx(0.16 + 0.24 * 0.3).epsilon(0.08));
  CHECK(agreeing / wrong_pairs == doctest::Approx(0.25).epsilon(0.1));
}

TEST_CASE("synthetic_model knows the accuracy of each problem") {
  const answer_statistics habits{.accuracy = 0.5, .correlation = 0.4, .steps = 4};
  const synthetic_model model(habits);
  const auto outcomes = samples_of(habits, 20, 2000);
  for (int i = 0; i < 20; ++i) {
    const double p = model.ease("problem " + std::to_string(i));
    double right = 0;
    for (const candidate& c : outcomes[static_cast<std::size_t>(i)].candidates)
      right += c.answer == "right" ? 1 : 0;
    // Four standard errors.
    CHECK(std::fabs(right / 2000 - p) <= 4 * std::sqrt(p * (1 - p) / 2000) + 1e-9);
  }
  CHECK(synthetic_model({.accuracy = 0.3, .correlation = 0}).ease("any") == 0.3);
}

TEST_CASE("synthetic_model writes solutions of the length and steps that are asked for") {
  const answer_statistics habits{.steps = 5, .tokens = 400, .spread = 0.3};
  double sum = 0, squares = 0, count = 0;
  for (const outcome& one : samples_of(habits, 100, 50)) {
    for (const candidate& c : one.candidates) {
      CHECK(c.step_ends.size() == 5);
      sum += c.tokens, squares += static_cast<double>(c.tokens) * c.tokens, count += 1;
    }
  }
  const double mean = sum / count;
  CHECK(mean == doctest::Approx(400).epsilon(0.02));
  CHECK(std::sqrt(squares / count - mean * mean) / mean == doctest::Approx(0.3).epsilon(0.05));
}

TEST_CASE("synthetic_model goes on line by line as it would at once, and never recovers") {
  const answer_statistics habits{.accuracy = 0.4, .correlation = 0, .steps = 4, .tokens = 50};
  synthetic_model model(habits);
  const auto found =
      solve_all(problems_of(1000), model, beam_search{.width = 1, .expand = 1}, no_verifier{},
                majority_vote{}, {.answer = &synthetic_model::answer_of});
  double right = 0;
  for (const outcome& one : found) {
    REQUIRE(one.candidates.size() == 1);
    const std::string& solution = one.candidates[0].solution;
    right += one.answer == "right" ? 1 : 0;
    bool so_far = true;
    for (std::size_t at = 0; at < solution.size(); at = solution.find('\n', at) + 1) {
      const bool now = synthetic_model::line_is_right(solution.substr(at));
      CHECK((so_far || !now));
      so_far = now;
      if (solution.find('\n', at) == std::string::npos) break;
    }
    CHECK(so_far == (one.answer == "right"));
  }
  CHECK(right / 1000 == doctest::Approx(0.4).epsilon(0.12));  // three standard errors
}

TEST_CASE("synthetic_model is cut where the limit of tokens is, and refuses what cannot be") {
  synthetic_model model({.tokens = 4000, .spread = 0.1});
  const auto found = solve(problem("p"), model, repeated_sampling{.n = 3}, no_verifier{},
                           majority_vote{}, {.steps = {.max_total_tokens = 1000}});
  CHECK(found.candidates.empty());
  CHECK(found.spent.tokens == 3000);
  CHECK(synthetic_model::answer_of("+01234567") == "");
  CHECK_THROWS_AS(synthetic_model({.accuracy = 1}), outthink::error);
}
