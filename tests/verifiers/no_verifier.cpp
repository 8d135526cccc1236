// SPDX-License-Identifier: MIT
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <vector>

using outthink::no_verifier;

namespace {

/// Records the scores that a search without a verifier gives.
struct reads_scores {
  std::vector<float>* seen;

  outthink::task<outthink::candidate_nodes> operator()(outthink::search auto& s) const {
    const auto children = co_await s.extend(s.root(), 3);
    for (const auto reduction : {outthink::step_reduction::last, outthink::step_reduction::min,
                                 outthink::step_reduction::mean}) {
      const auto scores = co_await s.score(children, reduction);
      seen->insert(seen->end(), scores.begin(), scores.end());
    }
    co_return s.candidates();
  }
};

}  // namespace

static_assert(outthink::verifier<no_verifier>);
static_assert(outthink::abstaining_verifier<no_verifier>);

TEST_CASE("no_verifier is never asked and costs nothing; candidates carry no scores") {
  const auto result = outthink::solve("p", outthink::test::toy_tree{}, outthink::beam_search{},
                                      no_verifier{}, outthink::majority_vote{});
  REQUIRE_FALSE(result.candidates.empty());
  CHECK(result.spent.verifier_calls == 0);
  CHECK(result.spent.verifier_tokens == 0);
  for (const auto& candidate : result.candidates) CHECK(candidate.step_scores.empty());
}

TEST_CASE("no_verifier: policies see scores of 0") {
  std::vector<float> seen;
  static_cast<void>(outthink::solve("p", outthink::test::toy_tree{}, reads_scores{&seen},
                                    no_verifier{}, outthink::majority_vote{}));
  CHECK(seen == std::vector<float>(9, 0.0F));
}

TEST_CASE("no_verifier answers whoever asks it with empty verdicts") {
  const std::vector<outthink::score_request> none;
  CHECK(no_verifier{}.answer(none).empty());
}
