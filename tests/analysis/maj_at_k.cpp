// SPDX-License-Identifier: MIT
#include <outthink/analysis/maj_at_k.hpp>
#include <outthink/kernels/pass_at_k.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

using outthink::answer_votes;
using outthink::maj_at_k;
using outthink::sampled_maj_at_k;

namespace {

struct problem_samples {
  std::vector<std::uint32_t> counts;
  std::vector<double> values;
  std::uint32_t unanswered = 0;

  [[nodiscard]] answer_votes votes() const { return {counts, values, unanswered}; }
};

// Every subset of k, the answers that most of it gave, the mean of what they are worth.
double by_enumeration(const problem_samples& of, std::size_t k) {
  std::vector<std::size_t> urn;
  for (std::size_t j = 0; j < of.counts.size(); ++j) urn.insert(urn.end(), of.counts[j], j);
  urn.resize(urn.size() + of.unanswered, of.counts.size());
  double sum = 0;
  int subsets = 0;
  for (unsigned subset = 0; subset < 1U << urn.size(); ++subset) {
    if (std::popcount(subset) != static_cast<int>(k)) continue;
    std::vector<int> votes(of.counts.size() + 1);
    for (std::size_t i = 0; i < urn.size(); ++i) votes[urn[i]] += subset >> i & 1;
    votes.pop_back();
    const int most = votes.empty() ? 0 : *std::max_element(votes.begin(), votes.end());
    double value = 0, tied = 0;
    for (std::size_t j = 0; j < votes.size(); ++j)
      if (votes[j] == most) value += of.values[j], ++tied;
    sum += most > 0 ? value / tied : 0;
    ++subsets;
  }
  return sum / subsets;
}

}  // namespace

TEST_CASE("maj_at_k is the mean over all subsets, ties, worths and missing answers included") {
  std::mt19937 generator(21);
  for (int round = 0; round < 40; ++round) {
    problem_samples drawn;
    for (std::size_t samples = 0; samples < 9;) {
      drawn.counts.push_back(static_cast<std::uint32_t>(generator() % 4));
      drawn.values.push_back(static_cast<double>(generator() % 3) / 2);
      samples += drawn.counts.back();
    }
    drawn.unanswered = static_cast<std::uint32_t>(generator() % 3);
    for (std::size_t k = 1; k <= 9; ++k)
      CHECK(maj_at_k(drawn.votes(), k) == doctest::Approx(by_enumeration(drawn, k)).epsilon(1e-12));
  }
}

TEST_CASE("maj_at_k gives 71/126 for the votes 3, 2, 2, 1 with two samples unanswered") {
  const problem_samples of{{3, 2, 2, 1}, {1, 0, .5, 0}, 2};
  CHECK(maj_at_k(of.votes(), 4) == doctest::Approx(71.0 / 126).epsilon(1e-13));
}

// Draws from so many samples are all but independent: the published values for p = .6.
TEST_CASE("maj_at_k of two answers gives the published majority curve") {
  const problem_samples of{{60'000, 40'000}, {1, 0}};
  CHECK(maj_at_k(of.votes(), 1) == doctest::Approx(0.6).epsilon(1e-9));
  CHECK(maj_at_k(of.votes(), 3) == doctest::Approx(0.648).epsilon(1e-4));
  CHECK(maj_at_k(of.votes(), 5) == doctest::Approx(0.6826).epsilon(1e-4));
  CHECK(maj_at_k(of.votes(), 15) == doctest::Approx(0.7869).epsilon(2e-4));
  CHECK(maj_at_k(of.votes(), 101) == doctest::Approx(0.9791).epsilon(2e-4));
}

TEST_CASE("maj_at_k is the share of right samples at 1 and the whole vote at n") {
  const problem_samples of{{5, 4, 1}, {0, 1, 0}, 2};
  CHECK(maj_at_k(of.votes(), 1) == doctest::Approx(4.0 / 12));
  CHECK(maj_at_k(of.votes(), 12) == doctest::Approx(0).epsilon(1e-12));
  const problem_samples tied{{4, 4, 1}, {0, 1, 0}};
  CHECK(maj_at_k(tied.votes(), 9) == doctest::Approx(0.5));
}

// Where all wrong answers differ, two right ones win, and one ties with k - 1 wrong ones.
TEST_CASE("maj_at_k of 100 samples whose wrong answers are scattered") {
  problem_samples of{std::vector<std::uint32_t>(91, 1), std::vector<double>(91)};
  of.counts[0] = 10, of.values[0] = 1;
  for (const std::uint64_t k : {2U, 10U, 40U}) {
    // P(one right) of k hypergeometric draws, from P(none) by the ratio of neighbours.
    const double none = 1 - outthink::kernels::pass_at_k(100, 10, k);
    const auto draws = static_cast<double>(k);
    const double one = none * draws * 10 / (90 - draws + 1);
    CHECK(maj_at_k(of.votes(), k) == doctest::Approx(1 - none - one + one / draws).epsilon(1e-10));
  }
}

// 40,000 draws: a false alarm at 4.5 standard errors once in 10⁵.
TEST_CASE("sampled_maj_at_k agrees with the exact value within its own error") {
  const problem_samples of{{30, 25, 10, 5}, {1, 0, 0, .5}, 10};
  for (const std::size_t k : {std::size_t{1}, std::size_t{8}, std::size_t{40}}) {
    const auto sampled = sampled_maj_at_k(of.votes(), k, 40'000, k);
    CHECK(sampled.standard_error > 0.0005);
    CHECK(sampled.standard_error < 0.0026);
    CHECK(std::fabs(sampled.value - maj_at_k(of.votes(), k)) < 4.5 * sampled.standard_error);
  }
  const auto all = sampled_maj_at_k(of.votes(), 80, 10);
  CHECK(all.value == 1);
  CHECK(all.standard_error == 0);
  CHECK(std::isnan(sampled_maj_at_k(of.votes(), 3, 1).standard_error));
  CHECK(sampled_maj_at_k(of.votes(), 8, 100, 5).value ==
        sampled_maj_at_k(of.votes(), 8, 100, 5).value);
}

TEST_CASE("maj_at_k where nobody answers, and where k is out of range") {
  const problem_samples silent{{}, {}, 3}, of{{2, 1}, {1, 0}};
  CHECK(maj_at_k(silent.votes(), 2) == 0);
  CHECK(sampled_maj_at_k(silent.votes(), 2, 5).value == 0);
  CHECK_THROWS_AS((void)maj_at_k(of.votes(), 0), outthink::error);
  CHECK_THROWS_AS((void)maj_at_k(of.votes(), 4), outthink::error);
  CHECK_THROWS_AS((void)maj_at_k({of.counts, {}}, 1), outthink::error);
  CHECK_THROWS_AS((void)sampled_maj_at_k(of.votes(), 4, 1), outthink::error);
  CHECK_THROWS_AS((void)sampled_maj_at_k(of.votes(), 1, 0), outthink::error);
}
