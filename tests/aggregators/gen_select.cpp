// SPDX-License-Identifier: MIT
#include "../archetypes/chooser.hpp"
#include "letters.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/aggregators/gen_select.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using namespace outthink;
using test::letters;

namespace {

/// Chooses the largest letter, or what `reply` says instead.
struct largest {
  using request = choice_request;
  using response = choice;
  std::vector<std::size_t> sizes{};  ///< of the groups it was shown
  const std::size_t* reply = nullptr;
  std::string failure{};

  std::vector<choice> answer(std::span<const choice_request> requests) {
    std::vector<choice> made;
    for (const choice_request& asked : requests) {
      sizes.push_back(asked.texts.size());
      const auto best = std::max_element(asked.texts.begin(), asked.texts.end());
      made.push_back({.chosen = reply != nullptr
                                    ? *reply
                                    : static_cast<std::size_t>(best - asked.texts.begin()),
                      .failure = failure});
    }
    return made;
  }
};

outcome choose(int solutions, largest& model, int group) {
  const gen_select<repeated_sampling, largest> policy{{.n = solutions}, model, group};
  return solve("p", letters(), policy, no_verifier{}, best_score{});
}

}  // namespace

TEST_CASE("gen_select in one group asks once, as universal self-consistency does") {
  largest model;
  const auto result = choose(8, model, 16);
  CHECK(result.answer == "h");
  CHECK(result.confidence == 1);
  CHECK(model.sizes == std::vector<std::size_t>{8});
  CHECK(result.candidates.size() == 8);
  CHECK(result.candidates[0].step_scores.back() == 0);
}

TEST_CASE("gen_select lets the chosen of even groups meet again until one is left") {
  largest model;
  CHECK(choose(10, model, 4).answer == "j");
  CHECK(model.sizes == std::vector<std::size_t>{3, 3, 4, 3});
  model.sizes.clear();
  CHECK(choose(5, model, 2).answer == "e");
  CHECK(model.sizes == std::vector<std::size_t>{2, 2, 2, 2});  // of five, five, three, two
}

TEST_CASE("gen_select takes a reply that names no solution of the group for the first") {
  const std::size_t beyond = 100;
  largest model{.reply = &beyond};
  CHECK(choose(9, model, 3).answer == "a");
}

TEST_CASE("gen_select asks nothing about one solution, and fails where it gets no answer") {
  largest model;
  CHECK(choose(1, model, 4).answer == "a");
  CHECK(model.sizes.empty());
  model.failure = "no reply";
  const auto failed = choose(4, model, 4);
  CHECK(failed.status == outcome_status::failed);
  CHECK(failed.message.find("chooser: no reply") != std::string::npos);
  CHECK(choose(4, model, 1).message.find("gen_select: group") != std::string::npos);
}

TEST_CASE("gen_select works with the smallest chooser") {
  archetypes::longest select;
  const gen_select<repeated_sampling, archetypes::longest> policy{{.n = 3}, select};
  CHECK(solve("p", letters(), policy, no_verifier{}, best_score{}).answer == "a");
}
