// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/verifier.hpp>
#include <outthink/verifiers/rule.hpp>

#include <limits>
#include <span>
#include <vector>

namespace outthink::verifiers {

/// @brief Scores a trace by the geometric mean of its tokens' probabilities, the inverse of its
/// perplexity, from the logprobs that came with the steps.
///
/// How it works: e^(Σ logprob / tokens) over all steps up to the one that is scored.
///
/// Shapes and units: in [0, 1], one score per step. Requires: a language model that reports
/// logprobs and tokens; NaN for a step without tokens of its own, as the inner steps of a solution
/// that was drawn at once. Where the model reports no logprobs every score is 1. Cost: O(depth);
/// nothing is charged: no model is asked. Errors: none. Determinism: a function of the tree.
/// Numerics: double sums. Example: tests/verifiers/inverse_perplexity.cpp.
struct inverse_perplexity {
  using request = score_request;
  using response = verdict;

  [[nodiscard]] std::vector<verdict> answer(std::span<const score_request> requests) const {
    return rule([](const trace_view& trace) { return score(trace); }).answer(requests);
  }

 private:
  static float score(const trace_view& trace) {
    const text_tree& tree = trace.tree();
    double logprob = 0, tokens = 0;
    bool measured = false;
    for (node_id at = trace.node(); tree.parent(at) != node_id::none; at = tree.parent(at)) {
      const step_payload step = tree.payload(at);
      measured = measured || (tree.depth(at) == trace.steps() && step.tokens > 0);
      logprob += static_cast<double>(step.logprob);
      tokens += step.tokens;
    }
    if (!measured) return std::numeric_limits<float>::quiet_NaN();
    return static_cast<float>(__builtin_exp(logprob / tokens));
  }
};

}  // namespace outthink::verifiers
