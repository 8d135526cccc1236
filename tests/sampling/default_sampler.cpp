// SPDX-License-Identifier: MIT
#include "../kernels/chain_reference.hpp"
#include "../support/chi_square.hpp"
#include <outthink/concepts/sampler.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/sampling/default_sampler.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

using outthink::default_sampler;
using outthink::greedy;
using outthink::sampling_options;
using outthink::token_id;
using namespace outthink::test;

namespace {

constexpr default_sampler draw;

std::vector<float> logits_of(const std::vector<double>& probabilities) {
  std::vector<float> logits;
  for (const double q : probabilities) logits.push_back(static_cast<float>(std::log(q)));
  return logits;
}

std::vector<std::uint64_t> frequencies(const std::vector<float>& logits,
                                       const sampling_options& options, int draws) {
  outthink::random_stream random({.key = 11, .place = 12});
  std::vector<std::uint64_t> counts(logits.size());
  for (int i = 0; i < draws; ++i)
    ++counts[static_cast<std::size_t>(draw(logits, options, random.uniform()))];
  return counts;
}

/// The chain by sorting and in double precision. `margin`: how far rounding is from changing the
/// token.
token_id plainly(const std::vector<float>& logits, const sampling_options& options, double uniform,
                 double& margin) {
  const std::vector<float> left = truncated(logits,
                                            {.top_k = static_cast<std::uint32_t>(options.top_k),
                                             .top_p = static_cast<double>(options.top_p),
                                             .temperature = options.temperature,
                                             .temperature_first = true},
                                            margin);
  const auto [token, step] =
      invert(probabilities_of(left, static_cast<double>(options.temperature)), uniform);
  margin = std::min(margin, step);
  return static_cast<token_id>(token);
}

}  // namespace

static_assert(outthink::sampler<default_sampler>);
static_assert(
    std::is_invocable_v<default_sampler, std::span<const float>, const sampling_options&, double>);

TEST_CASE("default_sampler inverts the cumulative distribution in index order") {
  const std::vector<float> logits = logits_of({.25, .5, .125, .125});
  CHECK(draw(logits, {}, 0) == 0);
  CHECK(draw(logits, {}, .2499) == 0);
  CHECK(draw(logits, {}, .2501) == 1);
  CHECK(draw(logits, {}, .7499) == 1);
  CHECK(draw(logits, {}, .7501) == 2);
  CHECK(draw(logits, {}, .8749) == 2);
  CHECK(draw(logits, {}, .8751) == 3);
  CHECK(draw(logits, {}, 1 - 0x1p-53) == 3);
}

TEST_CASE("default_sampler agrees with a plain chain wherever rounding does not decide") {
  outthink::random_stream random({.key = 3, .place = 5});
  int compared = 0, drawn = 0;
  for (const std::size_t size : {1U, 5U, 16U, 17U, 67U, 300U, 5000U}) {
    for (const std::vector<float>& row : rows_of(size)) {
      if (largest_of(row) == -HUGE_VAL) continue;
      for (const float temper : {0.3F, 1.0F, 1.7F}) {
        for (const int top_k : {0, 1, 3, 40, 600}) {
          for (const float top_p : {0.3F, 0.9F, 1.0F}) {
            const sampling_options options{temper, top_k, top_p};
            const double uniform = random.uniform();
            double margin = 0;
            const token_id expected = plainly(row, options, uniform, margin);
            ++drawn;
            if (margin < 1e-5) continue;
            ++compared;
            CHECK(draw(row, options, uniform) == expected);
          }
        }
      }
    }
  }
  CHECK(compared > drawn * 9 / 10);
}

TEST_CASE("default_sampler at temperature 0 takes the most likely token whatever the number") {
  for (const double u : {0.0, 0.5, 1 - 0x1p-53}) {
    CHECK(draw(std::vector<float>{1, 3, 2, 3}, greedy, u) == 1);
    CHECK(draw(std::vector<float>{not_a_number, 1, 2}, greedy, u) == 2);
    CHECK(draw(std::vector<float>{minus_inf, -5}, greedy, u) == 1);
  }
}

TEST_CASE("default_sampler at a tiny temperature takes the most likely token") {
  const sampling_options options{.temperature = 1e-30F, .top_k = 0, .top_p = 1};
  for (const double u : {0.0, 0.5, 1 - 0x1p-53})
    CHECK(draw(std::vector<float>{-20, 20, 19.999F}, options, u) == 1);
}

TEST_CASE("default_sampler never draws a token with a logit of minus infinity") {
  const std::vector<float> logits{minus_inf, 0, minus_inf, 0, minus_inf};
  for (const double u : {0.0, 0.25, 0.4999, 0.5, 0.75, 1 - 0x1p-53}) {
    const token_id token = draw(logits, {}, u);
    CHECK((token == 1 || token == 3));
  }
}

TEST_CASE("default_sampler gives token 0 where there is none to give") {
  for (const sampling_options& options : {sampling_options{}, greedy}) {
    CHECK(draw(std::vector<float>{minus_inf, minus_inf}, options, .5) == 0);
    CHECK(draw(std::vector<float>{not_a_number, not_a_number}, options, .5) == 0);
    CHECK(draw(std::vector<float>{}, options, .5) == 0);
  }
}

// The seed is fixed; had it been drawn at random, each check below would fail once in 10^6.
TEST_CASE("default_sampler draws with the frequencies that its options describe") {
  constexpr double kFalseAlarms = 1e-6;
  const std::vector<double> q{.1, .4, .05, .25, .2};
  const std::vector<float> logits = logits_of(q);
  SUBCASE("the model's own") {
    CHECK(chi_square_fit(frequencies(logits, {}, 20'000), q) > kFalseAlarms);
  }
  SUBCASE("at temperature 2: proportional to the square roots") {
    std::vector<double> expected;
    double total = 0;
    for (const double p : q) total += std::sqrt(p);
    for (const double p : q) expected.push_back(std::sqrt(p) / total);
    const auto counts = frequencies(logits, {.temperature = 2, .top_k = 0, .top_p = 1}, 20'000);
    CHECK(chi_square_fit(counts, expected) > kFalseAlarms);
  }
  SUBCASE("top 3") {
    const std::vector<double> expected{0, .4 / .85, 0, .25 / .85, .2 / .85};
    const auto counts = frequencies(logits, {.temperature = 1, .top_k = 3, .top_p = 1}, 20'000);
    CHECK(chi_square_fit(counts, expected) > kFalseAlarms);
  }
  SUBCASE("the top 60 percent") {
    const std::vector<double> expected{0, .4 / .65, 0, .25 / .65, 0};
    const auto counts = frequencies(logits, {.temperature = 1, .top_k = 0, .top_p = .6F}, 20'000);
    CHECK(chi_square_fit(counts, expected) > kFalseAlarms);
  }
  SUBCASE("top 3, then temperature 1/2, then the top 60 percent of that") {
    // .16 : .0625 : .04, of which the first alone has 61 percent.
    const auto counts = frequencies(logits, {.temperature = .5F, .top_k = 3, .top_p = .6F}, 1'000);
    CHECK(counts == std::vector<std::uint64_t>{0, 1'000, 0, 0, 0});
  }
}
