// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/task.hpp>

namespace outthink {

/// @brief Samples n whole solutions independently and scores them.
///
/// How it works: one round of n generations, one round of scoring. What it is called depends on the
/// aggregator: with `majority_vote` and `no_verifier` it is self-consistency, with `best_score`
/// best-of-N, with `weighted_vote` weighted best-of-N; with n = 1 a single sample, and that with a
/// temperature of 0 greedy decoding.
///
/// Requires: n ≥ 1. Cost: n generations and n scorings in two rounds.
/// Errors: `errc::invalid_argument` for n < 1.
/// Determinism: sample i uses the stream of the problem's i-th continuation, so the samples of a
/// run with n are the first n of a run with more.
/// Reference: X. Wang et al. 2022, arXiv:2203.11171 (self-consistency); B. Brown et al. 2024,
/// arXiv:2407.21787 (repeated sampling).
/// Example: examples/best_of_n.cpp, examples/self_consistency.cpp.
struct repeated_sampling {
  int n = 16;  ///< number of solutions, ≥ 1

  task<candidate_nodes> operator()(search auto& s) const {
    require(n >= 1, "repeated_sampling.n must be at least 1");
    const auto solutions = co_await s.complete(s.root(), n);
    const auto scores = co_await s.score(solutions);
    static_cast<void>(scores);
    s.retire(solutions);
    co_return s.candidates();
  }
};

}  // namespace outthink
