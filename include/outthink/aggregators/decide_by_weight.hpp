// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/aggregators/answer_groups.hpp>
#include <outthink/concepts/aggregator.hpp>
#include <outthink/core/candidate.hpp>
#include <outthink/core/step_reduction.hpp>
#include <outthink/kernels/weighted_votes.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace outthink::detail {

/// One score for each candidate.
inline std::vector<float> reduced_scores(std::span<const candidate> candidates,
                                         step_reduction reduction) {
  std::vector<float> scores;
  scores.reserve(candidates.size());
  for (const candidate& one : candidates)
    scores.push_back(reduce_steps(one.step_scores, reduction));
  return scores;
}

/// The answer with the largest sum of weights, its best-weighted solution for representative.
///
/// What all weighted votes share: candidates with an empty answer do not vote; negative weights and
/// NaN weigh nothing, and if nothing weighs anything, all weigh the same; of equal sums the answer
/// given first wins, of equal weights the earlier solution represents it.
inline decision decide_by_weight(std::span<const candidate> candidates,
                                 std::span<const float> weights) {
  const std::vector<std::size_t> group = group_by_answer(candidates);
  std::vector<std::uint32_t> classes(candidates.size());
  for (std::size_t i = 0; i < classes.size(); ++i) {
    classes[i] =
        candidates[i].answer.empty() ? kernels::no_class : static_cast<std::uint32_t>(group[i]);
  }
  std::vector<double> totals(candidates.size());
  std::vector<float> equal;
  kernels::vote_count count = kernels::weighted_votes(classes, weights, totals);
  if (count.winner == kernels::no_class) {
    equal.assign(candidates.size(), 1.0F);
    weights = equal;
    count = kernels::weighted_votes(classes, weights, totals);
  }
  if (count.winner == kernels::no_class) return {};
  std::size_t representative = count.winner;
  for (std::size_t i = count.winner; i < classes.size(); ++i) {
    const bool weighs = weights[i] > 0, represents = weights[representative] > 0;
    if (classes[i] == count.winner && weighs &&
        (!represents || weights[i] > weights[representative])) {
      representative = i;
    }
  }
  const double total = totals[count.winner];
  const bool infinite = total == std::numeric_limits<double>::infinity();
  return {representative, infinite ? 1 : total / count.total};
}

}  // namespace outthink::detail
