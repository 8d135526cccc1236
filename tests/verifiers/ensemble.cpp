// SPDX-License-Identifier: MIT
#include "../archetypes/verifier.hpp"
#include "../support/scripted_verifier.hpp"
#include "../support/traces.hpp"
#include <outthink/verifiers/ensemble.hpp>
#include <outthink/verifiers/rule.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using outthink::score_request;
using outthink::trace_view;
using outthink::verdict;
using outthink::test::scores_of;
using outthink::test::traces;
using outthink::verifiers::combination;
using outthink::verifiers::ensemble;
using outthink::verifiers::rule;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Scores each step by a number of its own, with the cost 3 tokens.
auto gives(std::vector<double> scores) {
  return outthink::test::scripted_verifier(
      [scores = std::move(scores)](std::string_view text) { return scores[text.size() - 1]; });
}

std::vector<float> combined(auto& verifier) {
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"a", "b", "c"}))};
  return scores_of(verifier.answer(requests)[0]);
}

struct unreachable {
  using request = score_request;
  using response = verdict;
  std::vector<verdict> answer(std::span<const score_request> requests) const {
    verdict none;
    none.failure = "unreachable";
    return std::vector<verdict>(requests.size(), none);
  }
};

}  // namespace

static_assert(outthink::verifier<ensemble<archetypes::constant_verifier, unreachable&>>);

TEST_CASE("ensemble combines the scores of each step as its rule says") {
  auto first = gives({.5, .8, 1}), second = gives({.25, .8, .5}), third = gives({1, .5, .75});
  SUBCASE("by the mean") {
    ensemble all(combination::weighted_mean, first, second, third);
    CHECK(combined(all) == std::vector<float>{1.75F / 3, 0.7F, 0.75F});
  }
  SUBCASE("by the weighted sum, where the weights add up to 1") {
    ensemble all(combination::weighted_mean, std::array{.5, .25, .25}, first, second, third);
    CHECK(combined(all) == std::vector<float>{.5625F, .725F, .8125F});
  }
  SUBCASE("by the minimum") {
    ensemble all(combination::minimum, first, second, third);
    CHECK(combined(all) == std::vector<float>{.25F, .5F, .5F});
  }
}

TEST_CASE("ensemble: the product of experts adds evidence") {
  auto first = gives({.8, .8, .5}), second = gives({.8, .2, .9});
  ensemble product(combination::product_of_experts, first, second);
  const auto scores = combined(product);
  // .8 .8 / (.8 .8 + .2 .2); contradiction; no evidence beside some.
  CHECK(scores[0] == doctest::Approx(.64 / .68).epsilon(1e-6));
  CHECK(scores[1] == doctest::Approx(.5).epsilon(1e-6));
  CHECK(scores[2] == doctest::Approx(.9).epsilon(1e-6));
  ensemble weighted(combination::product_of_experts, std::array{2.0, 0.5}, first, second);
  CHECK(combined(weighted)[1] == doctest::Approx(8.0 / 9.0).epsilon(1e-6));  // 16 · 1/2 to 1
}

TEST_CASE("ensemble: the product of certain experts is finite and can be outvoted") {
  auto sure = gives({1, 1, 0}), against = gives({0, .5, 0});
  ensemble product(combination::product_of_experts, sure, against);
  const auto scores = combined(product);
  CHECK(scores[0] == doctest::Approx(.5).epsilon(1e-6));
  CHECK(scores[1] == doctest::Approx(1 - 1e-7).epsilon(1e-6));
  CHECK(scores[2] >= 0);
  CHECK(scores[2] < 1e-12F);
}

TEST_CASE("ensemble leaves out who gives a step no score; a step without any has none") {
  auto first = gives({kNaN, .5, kNaN}), second = gives({.25, 1, kNaN});
  for (const auto how :
       {combination::weighted_mean, combination::minimum, combination::product_of_experts}) {
    ensemble all(how, std::array{3.0, 1.0}, first, second);
    const auto scores = combined(all);
    CHECK(scores[0] == doctest::Approx(.25).epsilon(1e-6));
    CHECK(scores[1] == scores[1]);
    CHECK(scores[2] != scores[2]);
  }
}

TEST_CASE("ensemble: who weighs nothing has no say, even alone") {
  auto first = gives({kNaN, .5, 1}), second = gives({.25, 1, 0});
  ensemble all(combination::weighted_mean, std::array{1.0, 0.0}, first, second);
  const auto scores = combined(all);
  CHECK(scores[0] != scores[0]);
  CHECK(scores[1] == .5F);
  CHECK(scores[2] == 1);
}

TEST_CASE("ensemble charges what all verifiers cost, and asks each once for a batch") {
  auto first = gives({0, 0, 0}), second = gives({1, 1, 1});
  ensemble all(combination::minimum, first, second);
  traces some;
  const std::vector<score_request> requests{some.request(some.add({"a", "b"})),
                                            some.request(some.add({"a"}))};
  const auto verdicts = all.answer(requests);
  CHECK(verdicts[0].spent.tokens_read == 4);
  CHECK(first.batches == std::vector<std::size_t>{2});
  CHECK(second.batches == std::vector<std::size_t>{2});
}

TEST_CASE("ensemble fails on a trace on which one of its verifiers fails") {
  ensemble all(combination::minimum, archetypes::constant_verifier(1), unreachable{});
  traces some;
  const std::vector<score_request> requests{some.request(some.add({"a"}))};
  CHECK(all.answer(requests)[0].failure == "unreachable");
  CHECK(all.answer(requests)[0].scores.empty());
}

TEST_CASE("ensemble refuses weights that cannot be") {
  using pair = ensemble<archetypes::constant_verifier, unreachable>;
  const auto build = [](double a, double b) {
    pair(combination::minimum, {a, b}, archetypes::constant_verifier(1), unreachable{});
  };
  CHECK_THROWS_AS(build(-1, 2), outthink::error);
  CHECK_THROWS_AS(build(0, 0), outthink::error);
  CHECK_THROWS_AS(build(kNaN, 1), outthink::error);
}
