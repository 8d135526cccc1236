// SPDX-License-Identifier: MIT
#include "../support/chi_square.hpp"
#include <outthink/concepts/sampler.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/sampling/sampler_chain.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

using outthink::default_sampler;
using outthink::draw;
using outthink::greedy;
using outthink::log_probability;
using outthink::most_likely;
using outthink::sampler_chain;
using outthink::sampling_options;

namespace {

constexpr float kOut = -std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

std::vector<float> logits_of(const std::vector<double>& probabilities) {
  std::vector<float> logits;
  for (const double q : probabilities) logits.push_back(static_cast<float>(std::log(q)));
  return logits;
}

std::vector<std::uint64_t> frequencies(const std::vector<float>& logits,
                                       const sampling_options& options, int draws) {
  outthink::random_stream random({.key = 11, .place = 12});
  std::vector<std::uint64_t> counts(logits.size());
  default_sampler sample;
  for (int i = 0; i < draws; ++i) {
    std::vector<float> scratch = logits;
    ++counts[static_cast<std::size_t>(sample(scratch, options, random.uniform()))];
  }
  return counts;
}

}  // namespace

static_assert(outthink::sampler<default_sampler>);
static_assert(outthink::sampler<sampler_chain<>>);

TEST_CASE("draw inverts the cumulative distribution in index order") {
  // Powers of two: every sum is exact, so that the bounds can be hit.
  const std::vector<float> logits = logits_of({.25, .5, .125, .125});
  const double just_below = 1 - 0x1p-20;
  CHECK(draw(logits, 0) == 0);
  CHECK(draw(logits, .2499) == 0);
  CHECK(draw(logits, .2501) == 1);
  CHECK(draw(logits, .7499) == 1);
  CHECK(draw(logits, .7501) == 2);
  CHECK(draw(logits, .8749) == 2);
  CHECK(draw(logits, .8751) == 3);
  CHECK(draw(logits, just_below) == 3);
  CHECK(draw(std::vector<float>(4, 0.0F), .25) == 1);
}

TEST_CASE("draw never gives a token with a logit of minus infinity") {
  const std::vector<float> logits{kOut, 0, kOut, 0, kOut};
  for (const double u : {0.0, 0.25, 0.4999, 0.5, 0.75, 1 - 0x1p-53}) {
    const auto token = draw(logits, u);
    CHECK((token == 1 || token == 3));
  }
  CHECK(draw(std::vector<float>{kOut, kOut, -300}, 0) == 2);
  CHECK(draw(std::vector<float>{kOut, kOut, -300}, 1 - 0x1p-53) == 2);
}

TEST_CASE("draw does not overflow for large logits") {
  CHECK(draw(std::vector<float>{1e30F, 0, -1e30F}, 1 - 0x1p-53) == 0);
  CHECK(draw(std::vector<float>{5}, .5) == 0);
}

TEST_CASE("most_likely gives the largest logit, of equal ones the lowest id") {
  CHECK(most_likely(std::vector<float>{1, 3, 2, 3}) == 1);
  CHECK(most_likely(std::vector<float>{2, 2, 2}) == 0);
  CHECK(most_likely(std::vector<float>{kOut, -5}) == 1);
  CHECK(most_likely(std::vector<float>{kOut, kOut}) == 0);
  CHECK(most_likely(std::vector<float>{}) == 0);
  CHECK(most_likely(std::vector<float>{kNaN, 1, 2}) == 2);
  CHECK(most_likely(std::vector<float>{1, kNaN, 0}) == 0);
}

TEST_CASE("log_probability is the logarithm of the softmax") {
  const std::vector<double> q{.25, .5, .125, .125};
  const std::vector<float> logits = logits_of(q);
  for (std::size_t i = 0; i < q.size(); ++i) {
    CHECK(log_probability(logits, static_cast<outthink::token_id>(i)) ==
          doctest::Approx(std::log(q[i])).epsilon(1e-6));
  }
  CHECK(log_probability(std::vector<float>{kOut, 700}, 1) == 0);
  CHECK(log_probability(std::vector<float>{kOut, 700}, 0) == -INFINITY);
}

TEST_CASE("sampler_chain at temperature 0 takes the most likely token whatever the number") {
  default_sampler sample;
  for (const double u : {0.0, 0.5, 1 - 0x1p-53}) {
    std::vector<float> logits{1, 3, 2};
    CHECK(sample(logits, greedy, u) == 1);
  }
}

TEST_CASE("sampler_chain at a tiny temperature takes the most likely token") {
  default_sampler sample;
  sampling_options options;
  options.temperature = 1e-30F;
  for (const double u : {0.0, 0.5, 1 - 0x1p-53}) {
    std::vector<float> logits{-20, 20, 19.999F};
    CHECK(sample(logits, options, u) == 1);
  }
}

// The seed is fixed; had it been drawn at random, each check below would fail once in 10^6.
TEST_CASE("sampler_chain draws with the frequencies that its options describe") {
  constexpr double kFalseAlarms = 1e-6;
  const std::vector<double> q{.1, .4, .05, .25, .2};
  const std::vector<float> logits = logits_of(q);
  SUBCASE("the model's own") {
    CHECK(outthink::test::chi_square_fit(frequencies(logits, {}, 20'000), q) > kFalseAlarms);
  }
  SUBCASE("at temperature 2: proportional to the square roots") {
    std::vector<double> expected;
    double total = 0;
    for (const double p : q) total += std::sqrt(p);
    for (const double p : q) expected.push_back(std::sqrt(p) / total);
    const auto counts = frequencies(logits, {.temperature = 2, .top_k = 0, .top_p = 1}, 20'000);
    CHECK(outthink::test::chi_square_fit(counts, expected) > kFalseAlarms);
  }
  SUBCASE("top 3") {
    const std::vector<double> expected{0, .4 / .85, 0, .25 / .85, .2 / .85};
    const auto counts = frequencies(logits, {.temperature = 1, .top_k = 3, .top_p = 1}, 20'000);
    CHECK(outthink::test::chi_square_fit(counts, expected) > kFalseAlarms);
  }
  SUBCASE("the top 60 percent") {
    const std::vector<double> expected{0, .4 / .65, 0, .25 / .65, 0};
    const auto counts = frequencies(logits, {.temperature = 1, .top_k = 0, .top_p = .6F}, 20'000);
    CHECK(outthink::test::chi_square_fit(counts, expected) > kFalseAlarms);
  }
  SUBCASE("top 3, then temperature 1/2, then the top 60 percent of that") {
    // .16 : .0625 : .04, of which the first alone has 61 percent.
    const auto counts = frequencies(logits, {.temperature = .5F, .top_k = 3, .top_p = .6F}, 1'000);
    CHECK(counts == std::vector<std::uint64_t>{0, 1'000, 0, 0, 0});
  }
}

TEST_CASE("sampler_chain runs its stages in order, and none of them for greedy decoding") {
  std::vector<int> order;
  const auto stage = [&order](int id) {
    return [&order, id](std::span<float>, const sampling_options&) { order.push_back(id); };
  };
  sampler_chain chain(stage(1), stage(2), stage(3));
  std::vector<float> logits{0, 0};
  static_cast<void>(chain(logits, {}, 0.5));
  CHECK(order == std::vector<int>{1, 2, 3});
  static_cast<void>(chain(logits, greedy, 0.5));
  CHECK(order.size() == 3);
}
