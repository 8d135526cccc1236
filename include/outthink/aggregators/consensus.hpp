// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/aggregator.hpp>
#include <outthink/core/candidate.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <span>
#include <vector>

namespace outthink {

/// The similarity of a plain vote: 1 for the same answer, 0 for another.
struct same_answer {
  [[nodiscard]] double operator()(const candidate& a, const candidate& b) const noexcept {
    return a.vote() == b.vote() ? 1 : 0;
  }
};

/// @brief Chooses the solution that is most similar to the others: consensus by similarity, or
/// minimum Bayes risk with the loss 1 - similarity.
///
/// How it works: the winner has the largest Σ similarity(it, other) over all other solutions. With
/// `same_answer` it is a majority; with an n-gram overlap, or the cosine of embeddings, it is the
/// minimum-risk choice for free text, where no two answers are the same.
/// Requires: a similarity that does not change between calls; one in [0, 1] if the confidence is to
/// mean something. It need not be symmetric: the solution that is judged comes first. Candidates
/// with an empty answer neither vote nor win.
/// Cost: n (n - 1) similarities. Errors: those of the similarity.
/// Confidence: the mean similarity to the others, clamped to [0, 1]; 1 for a lone solution.
/// Numerics: sums in double, in the order of the candidates; of equal sums the earlier solution
/// wins; a similarity of NaN counts as 0.
/// Reference: S. Kumar, W. Byrne 2004, "Minimum Bayes-risk decoding for statistical machine
/// translation"; F. Shi et al. 2022, arXiv:2204.11454, for code.
template <class Similarity = same_answer>
requires std::regular_invocable<const Similarity&, const candidate&, const candidate&>
struct consensus {
  Similarity similarity{};  ///< of two candidates; higher is more similar

  [[nodiscard]] decision operator()(std::span<const candidate> candidates) const {
    std::vector<std::size_t> voters;
    for (std::size_t i = 0; i < candidates.size(); ++i)
      if (!candidates[i].answer.empty()) voters.push_back(i);
    decision best;
    double most = 0;
    for (const std::size_t i : voters) {
      double sum = 0;
      for (const std::size_t j : voters) {
        if (i == j) continue;
        const auto alike = static_cast<double>(similarity(candidates[i], candidates[j]));
        if (alike == alike) sum += alike;
      }
      if (best.chosen != outcome::none && !(sum > most)) continue;
      best.chosen = i;
      most = sum;
    }
    if (best.chosen == outcome::none) return best;
    const auto others = static_cast<double>(voters.size() - 1);
    best.confidence = others > 0 ? std::clamp(most / others, 0.0, 1.0) : 1;
    return best;
  }
};

template <class Similarity>
consensus(Similarity) -> consensus<Similarity>;

}  // namespace outthink
