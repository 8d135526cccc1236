// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/language_model.hpp>
#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/task.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace outthink {

/// @brief Keeps the solutions whose answer a second language model finds, too, from a part of them:
/// rStar's mutual consistency.
///
/// How it works: `base` searches. Then each of its candidates is cut after a part of its steps, a
/// share drawn evenly between `least` and `most`; `second` completes what is left `completions`
/// times; and a candidate is kept if one of the completions ends in the candidate's answer. If none
/// is kept, all are. The completions themselves are no candidates.
///
/// Requires: a second model; completions ≥ 1; 0 ≤ least ≤ most ≤ 1. A candidate without an answer
/// is never consistent; answers agree if `s.answer` gives the same bytes.
/// Cost: that of `base` and `completions` generations a candidate, in one more round.
/// Errors: `errc::invalid_argument` for options out of range.
/// Determinism: the search's own random numbers cut the candidates.
/// Reference: Z. Qi et al. 2024, arXiv:2408.06195 (rStar), whose first model searches by
/// `monte_carlo_tree_search<uct>` with rollouts and whose second is of the same size.
template <class Base, language_model Second>
struct mutual_consistency {
  Base base{};               ///< the policy that searches
  Second* second = nullptr;  ///< the model that completes; outlives the search
  int completions = 1;       ///< by the second model, of each candidate
  float least = 0.2F;        ///< share of a candidate's steps that the second model sees
  float most = 0.8F;         ///< the largest such share

  task<candidate_nodes> operator()(search auto& s) const {
    require(second != nullptr && completions >= 1 && least >= 0 && least <= most && most <= 1,
            "mutual_consistency: there must be a second model, completions at least 1, and shares "
            "with 0 <= least <= most <= 1");
    const candidate_nodes found = co_await base(s);
    std::vector<std::pair<node_id, std::size_t>> cuts;  // where, and whose
    for (std::size_t i = 0; i < found.size(); ++i) {
      cuts.emplace_back(cut(s, found[i]), i);
    }
    std::sort(cuts.begin(), cuts.end());  // copies of a node stand together
    frontier prefixes;
    for (const auto& [prefix, whose] : cuts) prefixes.push_back(prefix);
    const frontier ends = co_await s.complete(prefixes, completions, *second);
    std::vector<bool> consistent(found.size());
    for (std::size_t i = 0; i < ends.size(); ++i) {
      const std::size_t whose = cuts[i / static_cast<std::size_t>(completions)].second;
      if (agree(s, ends[i], found[whose])) consistent[whose] = true;
    }
    candidate_nodes kept;
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (consistent[i]) kept.push_back(found[i]);
    }
    co_return kept.empty() ? found : kept;
  }

 private:
  // The node after a random share of the solution's steps.
  node_id cut(auto& s, node_id solution) const {
    const auto path = s.tree().path(solution);
    const double share =
        static_cast<double>(least) +
        s.random().uniform() * (static_cast<double>(most) - static_cast<double>(least));
    const auto steps = static_cast<std::size_t>(share * static_cast<double>(path.size()));
    return steps == 0 ? s.root() : path[steps - 1];
  }

  static bool agree(const auto& s, node_id completion, node_id solution) {
    if (s.tree().status(completion) != node_status::finished) return false;
    const auto answer = s.answer(solution);
    return answer.size() > 0 && answer == s.answer(completion);
  }
};

}  // namespace outthink
