// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/verifier.hpp>
#include <outthink/verifiers/rule.hpp>
#include <outthink/verifiers/trace_confidence.hpp>

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace outthink::verifiers {

/// @brief Scores a trace by how sure the model was of its tokens, from the confidences that came
/// with the steps: DeepConf for a model behind a server, at no cost.
///
/// How it works: `reduction` makes a step's score of the confidences of all tokens from the
/// solution's first to the step's last.
///
/// Shapes and units: nats, one score per step; higher is surer, none is a probability. Requires: a
/// language model that reports `generation::confidences`, as `backends::openai` does with
/// `top_logprobs`; NaN for a step without confidences of its own, as the inner steps of a solution
/// that was drawn at once. `confidence` measures them with a token model of one's own. Cost:
/// O(tokens) for each score; nothing is charged: no model is asked. Errors:
/// `errc::invalid_argument` for an empty window. Determinism: a function of the tree. Numerics:
/// those of `trace_confidence`. Reference: Y. Fu et al. 2025, arXiv:2508.15260. Example:
/// tests/verifiers/reported_confidence.cpp. `outthink.hpp` does not include it.
struct reported_confidence {
  using request = score_request;
  using response = verdict;

  token_reduction reduction{};

  [[nodiscard]] std::vector<verdict> answer(std::span<const score_request> requests) const {
    return rule([this](const trace_view& trace) { return score(trace); }).answer(requests);
  }

 private:
  [[nodiscard]] float score(const trace_view& trace) const {
    const text_tree& tree = trace.tree();
    std::vector<std::span<const float>> parts;  // the latest first
    bool measured = false;
    for (node_id at = trace.node(); tree.parent(at) != node_id::none; at = tree.parent(at)) {
      parts.push_back(tree.confidences(at));
      measured = measured || (tree.depth(at) == trace.steps() && !parts.back().empty());
    }
    if (!measured) return std::numeric_limits<float>::quiet_NaN();
    std::vector<float> tokens;
    for (std::size_t i = parts.size(); i-- > 0;) {
      tokens.insert(tokens.end(), parts[i].begin(), parts[i].end());
    }
    return reduction(tokens);
  }
};

}  // namespace outthink::verifiers
