// SPDX-License-Identifier: MIT
#include <outthink/core/random_stream.hpp>
#include <outthink/stopping/early_stopping_consistency.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

using outthink::early_stopping_consistency;

TEST_CASE("early_stopping_consistency wants a whole window of equal answers") {
  const early_stopping_consistency rule{.window = 3};
  CHECK_FALSE(rule({}));
  CHECK_FALSE(rule(std::array<std::uint32_t, 2>{0, 0}));
  CHECK(rule(std::array<std::uint32_t, 3>{0, 0, 0}));
  CHECK_FALSE(rule(std::array<std::uint32_t, 4>{0, 0, 0, 1}));
  CHECK(rule(std::array<std::uint32_t, 5>{0, 1, 2, 2, 2}));
}

// The expected samples of the published procedure, in closed form for windows drawn from shares p.
// The mean of 20,000 runs may lie 5 standard errors off: a false alarm in about 2 million.
TEST_CASE("early_stopping_consistency needs as many samples as theory says") {
  struct expectation {
    std::vector<double> shares;
    double samples;
  };
  const early_stopping_consistency rule;
  std::uint64_t place = 0;
  for (const expectation& one :
       {expectation{{0.8, 0.2}, 14.610}, {{0.95, 0.05}, 6.462}, {{0.5, 0.3, 0.2}, 35.550}}) {
    double sum = 0, squares = 0;
    constexpr int kRuns = 20'000;
    outthink::random_stream random({.key = 7, .place = ++place});
    for (int run = 0; run < kRuns; ++run) {
      std::vector<std::uint32_t> votes;
      while (votes.size() < 40) {
        for (std::size_t i = 0; i < rule.window; ++i) {
          double u = random.uniform();
          std::uint32_t answer = 0;
          while (answer + 1 < one.shares.size() && u >= one.shares[answer]) {
            u -= one.shares[answer++];
          }
          votes.push_back(answer);
        }
        if (rule(votes)) break;
      }
      const auto samples = static_cast<double>(votes.size());
      sum += samples;
      squares += samples * samples;
    }
    const double mean = sum / kRuns;
    const double error = std::sqrt((squares / kRuns - mean * mean) / kRuns);
    CHECK(std::abs(mean - one.samples) < 5 * error + 5e-4);
  }
}
