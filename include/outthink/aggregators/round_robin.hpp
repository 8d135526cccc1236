// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/aggregators/match_play.hpp>
#include <outthink/concepts/comparer.hpp>
#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/task.hpp>
#include <outthink/kernels/elo_update.hpp>

#include <cstdint>
#include <utility>
#include <vector>

namespace outthink {

/// @brief Rates the solutions of a policy by matches of each with each: a round-robin tournament.
///
/// How it works: a policy itself, it runs `policy`, then asks `judge` about all pairs in one round
/// and rates the solutions. A solution's score becomes its mean probability to beat one of the
/// others, so that `best_score` chooses the best and `weighted_vote` weighs answers by it. It takes
/// the place of the verifier's score of the last step.
/// Requires: comparisons ≥ 1. An even number of comparisons asks both ways round.
/// Cost: n (n - 1) / 2 · comparisons in one round, beside the policy's.
/// Errors: `errc::invalid_argument` for comparisons below 1, `errc::service_failed` where the judge
/// could not answer. Determinism: equal scores keep the earlier solution; Elo ratings depend on the
/// order of matches, which is that of the solutions.
/// Numerics: Bradley-Terry strengths with a tenth of a win added for everyone against everyone, so
/// that a solution which wins or loses every match has a finite one.
/// Reference: R. Bradley, M. Terry 1952, Biometrika 39.
template <class Policy, comparer Comparer>
struct round_robin {
  Policy policy;        ///< finds the solutions
  Comparer& judge;      ///< says which of two is better
  int comparisons = 2;  ///< of each pair
  rating_rule ratings = rating_rule::bradley_terry;

  task<candidate_nodes> operator()(search auto& s) const {
    require(comparisons >= 1, "round_robin: comparisons must be at least 1");
    const candidate_nodes nodes = co_await policy(s);
    const auto texts = detail::solutions_at(s.tree(), nodes);
    std::vector<kernels::match> pairs;
    for (std::uint32_t i = 0; i < nodes.size(); ++i)
      for (std::uint32_t j = i + 1; j < nodes.size(); ++j) pairs.push_back({i, j});
    const auto matches = co_await detail::play(s, judge, texts, std::move(pairs), comparisons);
    const auto rated = detail::ratings_of(matches, nodes.size(), ratings);
    detail::score_solutions(s, nodes, detail::win_chances(rated));
    co_return nodes;
  }
};

}  // namespace outthink
