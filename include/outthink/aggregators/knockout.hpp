// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/aggregators/match_play.hpp>
#include <outthink/concepts/comparer.hpp>
#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/task.hpp>
#include <outthink/kernels/elo_update.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace outthink {

/// @brief Lets the solutions of a policy meet in pairs, of which the winners meet again, until one
/// is left: a knockout tournament.
///
/// How it works: a policy itself, it runs `policy`, then asks `judge` about neighbours in a round
/// for all pairs; whoever has most of the comparisons goes on, and so does one without a partner. A
/// solution's score becomes the share of rounds it survived, so that `best_score` chooses the
/// winner. It takes the place of the verifier's score of the last step.
/// Requires: comparisons ≥ 1; a judge better than a coin. An even number of comparisons asks both
/// ways round.
/// Cost: (n - 1) · comparisons in ⌈log₂ n⌉ rounds, beside the policy's.
/// Errors: `errc::invalid_argument` for comparisons below 1, `errc::service_failed` where the judge
/// could not answer. Determinism: a draw goes to the earlier solution.
/// Reference: Y. Chen et al. 2024, arXiv:2411.19477: with n candidates and k comparisons the chance
/// to fail falls exponentially in both; n is a power of two there.
/// Example: examples/tournament.cpp.
template <class Policy, comparer Comparer>
struct knockout {
  Policy policy;        ///< finds the solutions
  Comparer& judge;      ///< says which of two is better
  int comparisons = 2;  ///< of each pair

  task<candidate_nodes> operator()(search auto& s) const {
    require(comparisons >= 1, "knockout: comparisons must be at least 1");
    const candidate_nodes nodes = co_await policy(s);
    const auto texts = detail::solutions_at(s.tree(), nodes);
    std::vector<float> survived(nodes.size(), 0);
    std::vector<std::uint32_t> left;
    for (std::uint32_t i = 0; i < nodes.size(); ++i) left.push_back(i);
    float rounds = 0;
    for (; left.size() > 1; ++rounds) {
      std::vector<kernels::match> pairs;
      for (std::size_t i = 0; i + 1 < left.size(); i += 2) pairs.push_back({left[i], left[i + 1]});
      const auto matches = co_await detail::play(s, judge, texts, std::move(pairs), comparisons);
      std::vector<std::uint32_t> winners;
      for (const auto& m : matches) winners.push_back(m.result < 0.5F ? m.second : m.first);
      if (left.size() % 2 == 1) winners.push_back(left.back());
      left = std::move(winners);
      for (const std::uint32_t winner : left) ++survived[winner];
    }
    for (float& share : survived) share = rounds > 0 ? share / rounds : 1;
    detail::score_solutions(s, nodes, survived);
    co_return nodes;
  }
};

}  // namespace outthink
