// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/search_tree.hpp>
#include <outthink/core/trace.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace outthink {

/// @brief Copies a trace's steps below another node; gives the node at which the copy ends.
///
/// For policies that write under one prompt what shall count as a solution under another. The copy
/// has the texts, tokens, log-probabilities, confidences and states of its steps, and no scores.
/// Requires: nodes of `tree`. Cost: O(length + depth). Errors: `std::bad_alloc`.
/// Determinism: the copy's places are those of new children of `below`.
inline node_id graft(text_tree& tree, node_id end, node_id below) {
  std::vector<node_id> steps;
  for (; tree.parent(end) != node_id::none; end = tree.parent(end)) steps.push_back(end);
  for (std::size_t i = steps.size(); i-- > 0;) {
    const node_id copy = tree.add_children(below, 1)[0];
    tree.set_payload(copy, tree.payload(steps[i]), tree.status(steps[i]));
    if (tree.stepless(steps[i])) tree.set_stepless(copy);
    const auto confidences = tree.confidences(steps[i]);
    if (!confidences.empty()) tree.set_confidences(copy, confidences);
    below = copy;
  }
  return below;
}

/// @brief As above, but all of the trace's steps become one, which stands below the other node with
/// the given state; the original is closed, so that it does not count beside its copy.
inline node_id graft_as_step(text_tree& tree, node_id end, node_id below, node_status status) {
  const node_id copy = tree.add_children(below, 1)[0];
  step_payload whole;
  for (node_id at = end; tree.parent(at) != node_id::none; at = tree.parent(at)) {
    whole.tokens += tree.payload(at).tokens;
    whole.logprob += tree.payload(at).logprob;
  }
  const std::string text = trace_view(tree, end).solution();
  whole.text = text;
  tree.set_payload(copy, whole, status);
  tree.set_status(end, node_status::closed);
  return copy;
}

}  // namespace outthink
