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
  std::size_t step = tree.depth(node);
  made.step_ends.resize(step);
  made.step_scores.resize(step);
  bool scored = false;
  std::uint32_t behind = 0;  // how much of the solution lies behind the step at hand
  for (node_id at = node; tree.parent(at) != node_id::none; at = tree.parent(at)) {
    const step_payload payload = tree.payload(at);
    made.tokens += payload.tokens;
    made.logprob += static_cast<double>(payload.logprob);
    const std::uint32_t after = behind;
    behind += static_cast<std::uint32_t>(payload.text.size());
    if (tree.stepless(at)) continue;
    --step;
    made.step_ends[step] = after;
    made.step_scores[step] = tree.score(at);
    scored = scored || tree.score(at) == tree.score(at);
  }
  for (std::uint32_t& end : made.step_ends) end = behind - end;
  made.solution.resize(behind);
  char* end = made.solution.data() + behind;
  for (node_id at = node; tree.parent(at) != node_id::none; at = tree.parent(at)) {
    const std::string_view text = tree.payload(at).text;
    end -= text.size();
    text.copy(end, text.size());
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
