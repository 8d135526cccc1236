// SPDX-License-Identifier: MIT
#include "../archetypes/verifier.hpp"
#include "../support/scripted_verifier.hpp"
#include "../support/traces.hpp"
#include <outthink/core/random_stream.hpp>
#include <outthink/verifiers/cascade.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using outthink::score_request;
using outthink::test::scores_of;
using outthink::test::traces;
using outthink::verifiers::cascade;
using outthink::verifiers::cascade_options;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

auto gives(std::vector<double> scores) {
  return outthink::test::scripted_verifier(
      [scores = std::move(scores)](std::string_view text) { return scores[text.size() - 1]; });
}

}  // namespace

static_assert(
    outthink::verifier<cascade<archetypes::constant_verifier, archetypes::constant_verifier&>>);

TEST_CASE("cascade asks the dear verifier from the first unsure step, and only about unsure ones") {
  auto cheap = gives({.95, .7, .05, .3}), dear = gives({.5, .51, .52, .53});
  cascade both(cheap, dear, {.cost = .1});
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"a", "b", "c", "d"})),
                                            all.request(all.add({"a"}))};
  const auto verdicts = both.answer(requests);
  CHECK(scores_of(verdicts[0]) == std::vector<float>{.95F, .51F, .05F, .53F});
  CHECK(scores_of(verdicts[1]) == std::vector<float>{.95F});
  CHECK(dear.steps_scored == std::vector<std::string>{"ab", "abc", "abcd"});
  CHECK(dear.batches == std::vector<std::size_t>{1});
  CHECK(verdicts[0].spent.tokens_read == 8);
  CHECK(verdicts[1].spent.tokens_read == 1);
}

TEST_CASE("cascade: a step's score does not depend on the trace it is asked with") {
  auto cheap = gives({.6, .95, .4}), dear = gives({.1, .2, .3});
  cascade both(cheap, dear);
  traces all;
  const auto first = all.add({"a"}), second = all.add_below(first, {"b"}),
             third = all.add_below(second, {"c"});
  const std::vector<score_request> one_by_one{all.request(first), all.request(second, 1),
                                              all.request(third, 2)};
  const std::vector<score_request> together{all.request(third)};
  const auto scores = scores_of(both.answer(together)[0]);
  const auto verdicts = both.answer(one_by_one);
  for (std::size_t i = 0; i < 3; ++i) CHECK(verdicts[i].scores[0] == scores[i]);
}

TEST_CASE("cascade takes no verdict on the last step for unsure, and leaves one before it") {
  auto cheap = gives({kNaN, kNaN, .99}), dear = gives({.1, .2, .3});
  cascade both(cheap, dear, {.cost = .5});
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"a", "b", "c"})),
                                            all.request(all.add({"a", "b"}))};
  const auto verdicts = both.answer(requests);
  CHECK(verdicts[0].scores[0] != verdicts[0].scores[0]);
  CHECK(verdicts[0].scores[2] == .99F);
  CHECK(verdicts[1].scores[0] != verdicts[1].scores[0]);
  CHECK(verdicts[1].scores[1] == .2F);
}

// A calibrated cheap verifier: its score p is uniform, and the step is right with probability p.
// With a perfect second opinion at the price c the best rule loses 2 ∫ min(p, c) dp over [0, 1/2].
TEST_CASE("cascade: the threshold of its cost loses least, and as much as the closed form says") {
  constexpr double kCost = 0.2;
  constexpr int kSteps = 200'000;
  const auto loss_with = [](double threshold) {
    outthink::random_stream random({.key = 5, .place = 1});
    double p = 0;
    bool right = false;
    std::size_t asked = 0;
    outthink::test::scripted_verifier cheap([&](std::string_view) { return p; });
    outthink::test::scripted_verifier dear([&](std::string_view) {
      ++asked;
      return right ? 1.0 : 0.0;
    });
    cascade both(cheap, dear, {.cost = threshold});
    traces all;
    const std::vector<score_request> requests{all.request(all.add({"a"}))};
    double loss = 0;
    for (int i = 0; i < kSteps; ++i) {
      p = random.uniform();
      right = random.uniform() < p;
      const bool decided = both.answer(requests)[0].scores[0] >= 0.5F;
      loss += decided == right ? 0 : 1;
    }
    return (loss + kCost * static_cast<double>(asked)) / kSteps;
  };
  const double best = loss_with(kCost);
  // 2 (c²/2 + c (1/2 - c)) = c - c² = 0.16; a standard deviation of a step's loss is below 0.5, so
  // that 4.9 standard errors are 0.0055: false alarms below 1e-6.
  CHECK(best == doctest::Approx(kCost - kCost * kCost).epsilon(.0055 / .16));
  CHECK(best < loss_with(0.05));
  CHECK(best < loss_with(0.4));
}

TEST_CASE("cascade counts the dear verifier's own errors against it") {
  auto cheap = gives({.7}), dear = gives({.1});
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"a"}))};
  cascade trusting(cheap, dear, {.cost = .2, .dear_error = .05});
  CHECK(trusting.answer(requests)[0].scores[0] == .1F);
  cascade doubting(cheap, dear, {.cost = .2, .dear_error = .2});
  CHECK(doubting.answer(requests)[0].scores[0] == .7F);
}

TEST_CASE("cascades nest") {
  auto cheap = gives({.6, .99}), middle = gives({.6, .6}), dear = gives({.2, .2});
  cascade inner(middle, dear);
  cascade all(cheap, inner);
  traces some;
  const std::vector<score_request> requests{some.request(some.add({"a", "b"}))};
  CHECK(scores_of(all.answer(requests)[0]) == std::vector<float>{.2F, .99F});
}

TEST_CASE("cascade refuses options out of range") {
  using pair = cascade<archetypes::constant_verifier, archetypes::constant_verifier>;
  const auto build = [](cascade_options options) {
    pair(archetypes::constant_verifier(1), archetypes::constant_verifier(1), options);
  };
  CHECK_THROWS_AS(build({.cost = -1}), outthink::error);
  CHECK_THROWS_AS(build({.dear_error = .6}), outthink::error);
  CHECK_THROWS_AS(build({.threshold = 1}), outthink::error);
}
