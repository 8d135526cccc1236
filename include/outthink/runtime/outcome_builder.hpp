// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/aggregator.hpp>
#include <outthink/core/candidate.hpp>
#include <outthink/core/outcome.hpp>
#include <outthink/core/search_tree.hpp>
#include <outthink/runtime/solve_options.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink::detail {

/// Copies a finished trace out of its tree.
inline candidate make_candidate(const text_tree& tree, node_id node, answer_extractor extract,
                                answer_normaliser normalise = nullptr) {
  candidate made;
  std::size_t size = 0;
  for (node_id at = node; tree.parent(at) != node_id::none; at = tree.parent(at)) {
    size += tree.payload(at).text.size();
  }
  std::size_t step = tree.depth(node);
  made.solution.resize(size);
  made.step_ends.resize(step);
  made.step_scores.resize(step);
  bool scored = false;
  for (node_id at = node; tree.parent(at) != node_id::none; at = tree.parent(at)) {
    const step_payload payload = tree.payload(at);
    made.tokens += payload.tokens;
    made.logprob += static_cast<double>(payload.logprob);
    if (tree.stepless(at)) continue;
    --step;
    made.step_ends[step] = static_cast<std::uint32_t>(size);
    made.step_scores[step] = tree.score(at);
    scored = scored || tree.score(at) == tree.score(at);
    size -= payload.text.size();
    payload.text.copy(made.solution.data() + size, payload.text.size());
  }
  if (!scored) made.step_scores.clear();
  made.answer = extract(made.solution);
  if (normalise && !made.answer.empty()) made.key = normalise(made.answer);
  return made;
}

/// Lets the aggregator choose among `nodes` and fills the outcome with it.
template <aggregator Aggregator>
void choose_answer(outcome& result, const text_tree& tree, std::span<const node_id> nodes,
                   const Aggregator& aggregate, answer_extractor extract,
                   answer_normaliser normalise = nullptr) {
  result.candidates.reserve(nodes.size());
  for (const node_id node : nodes) {
    result.candidates.push_back(make_candidate(tree, node, extract, normalise));
  }
  const decision made = aggregate(std::span<const candidate>(result.candidates));
  if (made.chosen == outcome::none) return;
  result.chosen = made.chosen;
  result.confidence = made.confidence;
  result.answer = result.candidates[made.chosen].answer;
}

}  // namespace outthink::detail
