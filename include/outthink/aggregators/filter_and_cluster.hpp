// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/aggregators/answer_groups.hpp>
#include <outthink/concepts/aggregator.hpp>
#include <outthink/core/candidate.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace outthink {

/// @brief Keeps the programs that pass the examples and chooses from the largest group that behaves
/// alike: AlphaCode's filter and clusters.
///
/// How it works: a program whose last score is below `passes` is dropped; the others are grouped by
/// what they put out for generated inputs, which `candidate::key` holds (see `solve_options::key`).
/// Programs are submitted one from each cluster, largest cluster first, and again from the largest
/// when the clusters run out.
/// Requires: a key that names crashes and time-outs as outputs of their own, or all that crash are
/// one cluster. Without scores nothing is dropped; a score of NaN is below every bound. Candidates
/// with an empty answer take no part.
/// Cost: O(n + clusters log clusters) expected. Errors: none.
/// Confidence: the largest cluster's share of what passed the filter. Nothing is chosen where
/// nothing passes, as happens for about a tenth of contest problems.
/// Numerics: of clusters of one size that with the earliest program comes first, and in a cluster
/// the earlier program.
/// Reference: Y. Li et al. 2022, arXiv:2203.07814 (at most 10 submissions).
struct filter_and_cluster {
  float passes = 0.5F;  ///< least last score of a program that passes the examples

  [[nodiscard]] decision operator()(std::span<const candidate> candidates) const {
    const auto clusters = clusters_of(candidates);
    if (clusters.empty()) return {};
    std::size_t kept = 0;
    for (const auto& members : clusters) kept += members.size();
    const auto& largest = clusters.front();
    return {largest.front(), static_cast<double>(largest.size()) / static_cast<double>(kept)};
  }

  /// The programs to hand in, at most `count`, in order; the first is the one that is chosen.
  [[nodiscard]] std::vector<std::size_t> submissions(std::span<const candidate> candidates,
                                                     std::size_t count) const {
    const auto clusters = clusters_of(candidates);
    std::vector<std::size_t> order;
    for (std::size_t turn = 0, before = 1; before != order.size(); ++turn) {
      before = order.size();
      for (const auto& members : clusters)
        if (turn < members.size() && order.size() < count) order.push_back(members[turn]);
    }
    return order;
  }

 private:
  // Positions of what passes, by cluster, the largest first.
  [[nodiscard]] std::vector<std::vector<std::size_t>> clusters_of(
      std::span<const candidate> candidates) const {
    const auto first = detail::group_by_answer(candidates);
    std::vector<std::vector<std::size_t>> by_first(candidates.size());
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const auto& scores = candidates[i].step_scores;
      if (!candidates[i].answer.empty() && (scores.empty() || scores.back() >= passes))
        by_first[first[i]].push_back(i);
    }
    std::vector<std::vector<std::size_t>> clusters;
    for (auto& members : by_first)
      if (!members.empty()) clusters.push_back(std::move(members));
    std::sort(clusters.begin(), clusters.end(), [](const auto& a, const auto& b) {
      return a.size() != b.size() ? a.size() > b.size() : a.front() < b.front();
    });
    return clusters;
  }
};

}  // namespace outthink
