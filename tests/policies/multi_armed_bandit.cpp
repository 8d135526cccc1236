// SPDX-License-Identifier: MIT
#include "../archetypes/search.hpp"
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/concepts/policy.hpp>
#include <outthink/kernels/beta_posterior.hpp>
#include <outthink/policies/multi_armed_bandit.hpp>
#include <outthink/runtime/solve.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using outthink::bandit_rule;
using outthink::best_score;
using outthink::model_generators;
using outthink::multi_armed_bandit;
using outthink::solve;
using outthink::test::scripted_verifier;
using outthink::test::toy_tree;

static_assert(outthink::policy<multi_armed_bandit<>, archetypes::fruitless_search>);

namespace {

/// A language model that writes one letter and remembers when it was asked.
struct writer {
  using request = outthink::generation_request;
  using response = outthink::generation;
  char letter;
  std::string* log;

  std::vector<response> answer(std::span<const request> requests) const {
    log->append(requests.size(), letter);
    return std::vector<response>(requests.size(), {.text = std::string(1, letter)});
  }
};

/// Which of three models were asked, in order; "a", "b" and "c" score as given.
std::string pulls(auto policy, std::array<double, 3> worth) {
  std::string log;
  writer a{'a', &log}, b{'b', &log}, c{'c', &log};
  policy.generators.models = {&a, &b, &c};
  scripted_verifier verifier(
      [=](std::string_view text) { return worth[static_cast<std::size_t>(text[0] - 'a')]; });
  static_cast<void>(solve("p", toy_tree{}, policy, verifier, best_score{}));
  return log;
}

template <class Posterior = outthink::kernels::normal_posterior>
using bandit = multi_armed_bandit<model_generators<writer, writer, writer>, Posterior>;

}  // namespace

TEST_CASE("multi_armed_bandit by UCB pulls in the order of the bounds") {
  const std::array<double, 3> worth{.5, .9, .4};
  const std::string log = pulls(bandit<>{.pulls = 60, .batch = 1, .rule = bandit_rule::ucb}, worth);
  REQUIRE(log.size() == 60);
  CHECK(log.substr(0, 3) == "abc");
  std::array<double, 3> own{1, 1, 1};
  for (std::size_t pull = 3; pull < 60; ++pull) {
    std::size_t best = 0;
    double largest = -1;
    for (std::size_t i = 0; i < 3; ++i) {
      const double bound = worth[i] + std::sqrt(2 * std::log(static_cast<double>(pull)) / own[i]);
      if (bound > largest + 1e-6) best = i, largest = bound;
    }
    CHECK(log[pull] == static_cast<char>('a' + best));
    ++own[best];
  }
}

TEST_CASE("multi_armed_bandit by UCB: pulls under way count, so that a batch is spread") {
  const std::string log =
      pulls(bandit<>{.pulls = 6, .batch = 3, .rule = bandit_rule::ucb}, {.5, .5, .5});
  CHECK(log == "abcabc");
}

TEST_CASE("multi_armed_bandit by Thompson's rule ends up with the best arm") {
  const auto share = [](const std::string& log) {
    double right = 0;
    for (const char c : log) right += c == 'b' ? 1 : 0;
    return right / static_cast<double>(log.size());
  };
  CHECK(share(pulls(bandit<>{.pulls = 200}, {.3, .8, .2})) > 0.85);
  CHECK(share(pulls(bandit<outthink::kernels::beta_posterior>{.pulls = 200}, {.3, .8, .2})) > 0.7);
}

TEST_CASE("multi_armed_bandit draws exactly its pulls, whatever the batch") {
  for (const int batch : {1, 3, 7, 50}) {
    CHECK(pulls(bandit<>{.pulls = 20, .batch = batch}, {.3, .8, .2}).size() == 20);
  }
}

TEST_CASE("multi_armed_bandit with one arm is repeated sampling") {
  toy_tree model{.depth = 2, .letters = 3};
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  const auto result = solve("p", model, multi_armed_bandit<>{.pulls = 5}, verifier, best_score{});
  CHECK(result.candidates.size() == 5);
  CHECK(model.batches == std::vector<std::size_t>{4, 1});
}

TEST_CASE("multi_armed_bandit refuses options out of range") {
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  for (const multi_armed_bandit<>& options :
       {multi_armed_bandit<>{.pulls = 0}, multi_armed_bandit<>{.batch = 0},
        multi_armed_bandit<>{.exploration = -1}}) {
    const auto result = solve("p", toy_tree{}, options, verifier, best_score{});
    CHECK(result.status == outthink::outcome_status::failed);
    CHECK(result.message.find("multi_armed_bandit: ") != std::string::npos);
  }
}
