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
#include <span>
#include <utility>
#include <vector>

namespace outthink {

/// @brief Rates the solutions of a policy by matches between those that are rated alike: a Swiss
/// tournament.
///
/// How it works: a policy itself, it runs `policy`; then in each round every solution meets the
/// nearest in rank whom it has not met, and all are rated anew. A solution's score becomes its mean
/// probability to beat one of the others, so that `best_score` chooses the best and `weighted_vote`
/// weighs answers by it. It takes the place of the verifier's score of the last step.
/// Requires: rounds and comparisons ≥ 1. An even number of comparisons asks both ways round.
/// Cost: at most rounds · ⌊n / 2⌋ · comparisons, in as many rounds, beside the policy's; it ends
/// sooner where all have met.
/// Errors: `errc::invalid_argument` for options below 1, `errc::service_failed` where the judge
/// could not answer. Determinism: equal ratings keep the order of the solutions. Reference: Elo
/// ratings of hypotheses in J. Gottweis et al. 2025, arXiv:2502.18864 (newcomers at 1200), who
/// choose matches among similar, new and top-ranked ones.
template <class Policy, comparer Comparer>
struct swiss {
  Policy policy;        ///< finds the solutions
  Comparer& judge;      ///< says which of two is better
  int rounds = 5;       ///< ≥ 1; about log₂ n finds the best, more rank the others
  int comparisons = 2;  ///< of each pair
  rating_rule ratings = rating_rule::elo;

  task<candidate_nodes> operator()(search auto& s) const {
    require(rounds >= 1 && comparisons >= 1, "swiss: rounds and comparisons must be at least 1");
    const candidate_nodes nodes = co_await policy(s);
    const auto texts = detail::solutions_at(s.tree(), nodes);
    std::vector<kernels::match> played;
    std::vector<float> chances(nodes.size(), 1);
    for (int round = 0; round < rounds; ++round) {
      auto pairs = next_pairs(chances, played);
      if (pairs.empty()) break;
      const auto matches = co_await detail::play(s, judge, texts, std::move(pairs), comparisons);
      played.insert(played.end(), matches.begin(), matches.end());
      chances = detail::win_chances(detail::ratings_of(played, nodes.size(), ratings));
    }
    detail::score_solutions(s, nodes, chances);
    co_return nodes;
  }

 private:
  // From the best down, each with the nearest below whom it has not met.
  static std::vector<kernels::match> next_pairs(std::span<const float> chances,
                                                std::span<const kernels::match> played) {
    const std::size_t n = chances.size();
    std::vector<bool> met(n * n), paired(n);
    for (const kernels::match& m : played)
      met[m.first * n + m.second] = met[m.second * n + m.first] = true;
    std::vector<std::size_t> order;  // sorted by insertion: few, and mostly in order already
    for (std::size_t i = 0; i < n; ++i) {
      order.push_back(i);
      for (std::size_t at = i; at > 0 && chances[order[at]] > chances[order[at - 1]]; --at)
        std::swap(order[at], order[at - 1]);
    }
    std::vector<kernels::match> pairs;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = i + 1; j < n && !paired[order[i]]; ++j) {
        if (paired[order[j]] || met[order[i] * n + order[j]]) continue;
        paired[order[i]] = paired[order[j]] = true;
        pairs.push_back(
            {static_cast<std::uint32_t>(order[i]), static_cast<std::uint32_t>(order[j])});
      }
    }
    return pairs;
  }
};

}  // namespace outthink
