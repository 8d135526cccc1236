// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/search_tree.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace outthink::test {

/// What is known about a child of the root.
struct explored_child {
  std::uint32_t visits = 1;
  float mean = 0;
  float score = std::numeric_limits<float>::quiet_NaN();
  float logprob = 0;
  node_status status = node_status::open;
};

/// A tree of a root and children that were visited.
struct explored_tree {
  text_tree tree{step_payload{.text = "problem"}};
  node_range children;

  explicit explored_tree(const std::vector<explored_child>& known)
      : children(tree.add_children(text_tree::root(), known.size())) {
    for (std::size_t i = 0; i < known.size(); ++i) {
      tree.set_payload(children[i], {.text = "step\n", .logprob = known[i].logprob},
                       known[i].status);
      tree.visits(children[i]) = known[i].visits;
      tree.value(children[i]) = known[i].mean * static_cast<float>(known[i].visits);
      tree.score(children[i]) = known[i].score;
    }
  }

  [[nodiscard]] static node_id root() { return text_tree::root(); }
};

}  // namespace outthink::test
