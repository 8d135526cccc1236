// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/verifier.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace outthink::test {

/// Traces below one problem, and requests to score them.
struct traces {
  text_tree tree;
  step_rule rule{};

  explicit traces(const std::string& problem = "?") : tree(step_payload{.text = problem}) {}

  /// The node at which a new trace with these steps ends.
  node_id add(const std::vector<std::string>& steps, node_status status = node_status::open) {
    return add_below(tree.root(), steps, status);
  }
  node_id add_below(node_id at, const std::vector<std::string>& steps,
                    node_status status = node_status::open) {
    for (const std::string& step : steps) {
      at = tree.add_children(at, 1)[0];
      tree.set_payload(at, {step, 1, 0}, node_status::open);
    }
    tree.set_status(at, status);
    return at;
  }
  [[nodiscard]] score_request request(node_id node, std::uint32_t from = 0) const {
    return {.trace = {tree, node}, .from = from, .rule = &rule, .stream = {}};
  }
};

/// The scores of a verdict as a vector.
inline std::vector<float> scores_of(const verdict& answer) {
  return {answer.scores.begin(), answer.scores.end()};
}

}  // namespace outthink::test
