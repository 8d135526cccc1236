// SPDX-License-Identifier: MIT
#include "../archetypes/verifier.hpp"
#include "../support/traces.hpp"
#include <outthink/verifiers/ask_verifier.hpp>

#include <doctest/doctest.h>

#include <span>
#include <vector>

using outthink::score_request;
using outthink::verdict;
using outthink::test::scores_of;
using outthink::test::traces;
using outthink::verifiers::detail::ask_verifier;

namespace {

/// Gives every trace one score, however many steps it has, or a failure.
struct one_score {
  using request = score_request;
  using response = verdict;
  bool fails = false;

  std::vector<verdict> answer(std::span<const score_request> requests) const {
    verdict made{.scores = {1, 0.5F}};
    if (fails) made.failure = "away";
    return std::vector<verdict>(requests.size(), made);
  }
};

}  // namespace

TEST_CASE("ask_verifier gives the verdicts of any verifier, and asks nothing about nothing") {
  traces all;
  archetypes::constant_verifier verifier(0.25F);
  const std::vector<score_request> requests{all.request(all.add({"a", "b"})),
                                            all.request(all.add({"a"}))};
  const auto verdicts = ask_verifier(verifier, requests);
  CHECK(scores_of(verdicts[0]) == std::vector<float>{.25F, .25F});
  CHECK(scores_of(verdicts[1]) == std::vector<float>{.25F});
  CHECK(ask_verifier(verifier, {}).empty());
}

TEST_CASE("ask_verifier refuses a wrong number of scores, unless the verdict is a failure") {
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"a", "b"}))};
  one_score verifier;
  CHECK_THROWS_WITH_AS(
      static_cast<void>(ask_verifier(verifier, requests)),
      "a service answered in the wrong number or shape: a verifier gave 1 scores for 2 steps",
      outthink::error);
  verifier.fails = true;
  CHECK(ask_verifier(verifier, requests)[0].failure == "away");
}
