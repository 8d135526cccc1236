// SPDX-License-Identifier: MIT
// Aggregators over a policy of known accuracy and confusions and a verifier of known quality,
// beside the closed forms. Every comparison is within 4 standard deviations of its samples: a false
// alarm once in 16,000 for each of about 40, at a fixed seed.
#include <outthink/aggregators/best_score.hpp>
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

using namespace outthink;

namespace {

constexpr double kPi = 3.14159265358979323846;

/// A model that answers i with probability `shares[i]`; 0 is right.
auto answers_with(std::vector<double> shares) {
  return backends::scripted([shares](const generation_request&, random_stream& random) {
    double u = random.uniform();
    std::size_t answer = 0;
    while (answer + 1 < shares.size() && u >= shares[answer]) u -= shares[answer++];
    return std::to_string(answer);
  });
}

double density(double x) {
  return std::exp(-x * x / 2) / std::sqrt(2 * kPi);
}
double normal(double x) {
  return 0.5 * std::erfc(-x / std::sqrt(2.0));
}
double cauchy(double x) {
  return 0.5 + std::atan(x / 0.25) / kPi;
}

/// Scores right answers by N(1.5, 1) and wrong ones by N(0, 1), an AUC of .856, or by a Cauchy
/// distribution whose tails are heavier.
struct noisy_verifier {
  using request = score_request;
  using response = verdict;
  bool heavy_tails = false;

  std::vector<verdict> answer(std::span<const score_request> requests) const {
    std::vector<verdict> verdicts(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      random_stream random(requests[i].stream);
      const bool right = requests[i].trace.solution() == "0";
      const double u = random.uniform(), v = random.uniform();
      const double noise = std::sqrt(-2 * std::log1p(-u)) * std::cos(2 * kPi * v);
      const double wrong = heavy_tails ? 0.25 * std::tan(kPi * (u - 0.5)) : noise;
      verdicts[i].scores.push_back(static_cast<float>(right ? 1.5 + noise : wrong));
    }
    return verdicts;
  }
};

/// Says which answers are right.
struct oracle {
  using request = score_request;
  using response = verdict;

  std::vector<verdict> answer(std::span<const score_request> requests) const {
    std::vector<verdict> verdicts(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i)
      verdicts[i].scores.push_back(requests[i].trace.solution() == "0" ? 1 : 0);
    return verdicts;
  }
};

/// The share of problems that are solved.
double accuracy(auto model, int n, auto verifier, const auto& aggregate, int problems) {
  std::vector<problem> questions;
  for (int i = 0; i < problems; ++i) questions.emplace_back("problem " + std::to_string(i));
  const auto outcomes =
      solve_all(questions, model, repeated_sampling{.n = n}, verifier, aggregate, {.seed = 1});
  double right = 0;
  for (const outcome& one : outcomes) right += one.answer == "0" ? 1 : 0;
  return right / problems;
}

void check_near(double measured, double expected, int problems) {
  CAPTURE(measured);
  CAPTURE(expected);
  CHECK(std::abs(measured - expected) <= 4 * std::sqrt(expected * (1 - expected) / problems));
}

/// The chance that a vote of n is right, of equally many votes the first given: over all sequences.
double vote_by_enumeration(const std::vector<double>& shares, int n, std::vector<int> given = {}) {
  if (static_cast<int>(given.size()) == n) {
    int winner = given[0], most = 0;
    for (const int answer : given) {
      const auto votes = static_cast<int>(std::count(given.begin(), given.end(), answer));
      if (votes > most) most = votes, winner = answer;
    }
    return winner == 0 ? 1 : 0;
  }
  double sum = 0;
  for (std::size_t answer = 0; answer < shares.size(); ++answer) {
    auto longer = given;
    longer.push_back(static_cast<int>(answer));
    sum += shares[answer] * vote_by_enumeration(shares, n, std::move(longer));
  }
  return sum;
}

/// The chance that the best-scored of n is right: right answers have normal scores about 1.5, wrong
/// ones the distribution `wrong`.
double best_of_n(double p, int n, double (*wrong)(double)) {
  double sum = 0;
  constexpr double kStep = 0.002;
  for (double x = -8; x < 8; x += kStep) {
    const double below = p * normal(x) + (1 - p) * wrong(x + 1.5);
    sum += kStep * n * p * density(x) * std::pow(below, n - 1);
  }
  return sum;
}

}  // namespace

TEST_CASE("a majority of two answers follows the binomial: .648, .683, .787, .979 of .6") {
  const auto model = answers_with({0.6, 0.4});
  check_near(accuracy(model, 3, no_verifier{}, majority_vote{}, 4000), 0.648, 4000);
  check_near(accuracy(model, 5, no_verifier{}, majority_vote{}, 4000), 0.68256, 4000);
  check_near(accuracy(model, 15, no_verifier{}, majority_vote{}, 4000), 0.7869, 4000);
  check_near(accuracy(model, 101, no_verifier{}, majority_vote{}, 1000), 0.9791, 1000);
}

TEST_CASE("a majority among confusions follows the enumeration, ties by the first given") {
  // Right but seldom most of half: it wins against spread confusions and loses to one.
  const std::vector<double> spread{0.4, 0.2, 0.2, 0.2}, focused{0.4, 0.5, 0.05, 0.05};
  for (const int n : {2, 3, 4, 7}) {
    check_near(accuracy(answers_with(spread), n, no_verifier{}, majority_vote{}, 4000),
               vote_by_enumeration(spread, n), 4000);
    check_near(accuracy(answers_with(focused), n, no_verifier{}, majority_vote{}, 4000),
               vote_by_enumeration(focused, n), 4000);
  }
  CHECK(vote_by_enumeration(spread, 7) > 0.5);
  CHECK(vote_by_enumeration(focused, 7) < 0.4);
  CHECK(vote_by_enumeration(focused, 2) == doctest::Approx(0.4));
}

TEST_CASE("best-of-n by a verifier that knows is coverage, 1 - (1 - p)^n") {
  for (const int n : {1, 2, 4, 8, 16})
    check_near(accuracy(answers_with({0.15, 0.85}), n, oracle{}, best_score{}, 4000),
               1 - std::pow(0.85, n), 4000);
}

TEST_CASE("best-of-n by a noisy verifier follows the integral, and grows with n") {
  double before = 0;
  for (const int n : {1, 2, 4, 16, 64}) {
    const double expected = best_of_n(0.3, n, normal);
    const int problems = n < 64 ? 4000 : 1500;
    check_near(accuracy(answers_with({0.3, 0.7}), n, noisy_verifier{}, best_score{}, problems),
               expected, problems);
    CHECK(expected > before);
    before = expected;
  }
  CHECK(best_of_n(0.3, 1, normal) == doctest::Approx(0.3).epsilon(1e-6));
}

// The more samples, the likelier a wrong one has an absurdly good score: the verifier is
// over-optimised, and 256 samples are worse than two.
TEST_CASE("best-of-n by a verifier with heavy tails rises, falls, and follows the integral") {
  std::vector<double> measured;
  for (const int n : {1, 4, 16, 64, 256}) {
    const int problems = n < 64 ? 4000 : 1000;
    measured.push_back(accuracy(answers_with({0.3, 0.7}), n, noisy_verifier{.heavy_tails = true},
                                best_score{}, problems));
    check_near(measured.back(), best_of_n(0.3, n, cauchy), problems);
  }
  CHECK(measured[1] > measured[0] + 0.1);
  CHECK(measured[1] > measured[3] + 0.1);
  CHECK(measured[3] > measured[4] + 0.05);
  CHECK(measured[4] < measured[0]);
}
