// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/language_model.hpp>
#include <outthink/core/search_tree.hpp>

#include <string>
#include <vector>

namespace outthink::test {

/// A request after the given problem and steps.
struct asked {
  step_rule rule{};
  text_tree tree;
  node_id at = text_tree::root();

  asked(const std::string& problem, const std::vector<std::string>& steps)
      : tree(step_payload{.text = problem}) {
    for (const std::string& step : steps) {
      at = tree.add_children(at, 1)[0];
      tree.set_payload(at, {.text = step}, node_status::open);
    }
  }
  asked(const asked&) = delete;
  asked& operator=(const asked&) = delete;

  [[nodiscard]] generation_request request(extent until = extent::step) const {
    return {.trace = {tree, at},
            .rule = &rule,
            .until = until,
            .max_tokens = 7,
            .sampling = {.temperature = 0.5F, .top_k = 0, .top_p = 1},
            .stream = {11, 13},
            .ordinal = 2};
  }
};

}  // namespace outthink::test
