// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/search_tree.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace outthink {

/// Nodes that a policy is going to extend, in its own order.
using frontier = std::vector<node_id>;

/// Those of `nodes` that can be continued, in their order. Cost: O(nodes).
template <class Payload>
[[nodiscard]] frontier open_nodes(const search_tree<Payload>& tree,
                                  std::span<const node_id> nodes) {
  frontier open;
  open.reserve(nodes.size());
  for (const node_id node : nodes) {
    if (tree.status(node) == node_status::open) open.push_back(node);
  }
  return open;
}

/// Whether any of `nodes` can be continued. Cost: O(nodes).
template <class Payload>
[[nodiscard]] bool any_open(const search_tree<Payload>& tree, std::span<const node_id> nodes) {
  for (const node_id node : nodes) {
    if (tree.status(node) == node_status::open) return true;
  }
  return false;
}

/// Moves the open ones of `nodes` on to the steps `drawn` after them, one each, in order; the
/// others stay. Requires: as many drawn as open ones. Cost: O(nodes).
template <class Payload>
void move_on(const search_tree<Payload>& tree, std::span<node_id> nodes, node_range drawn) {
  std::size_t next = 0;
  for (node_id& node : nodes) {
    if (tree.status(node) == node_status::open) node = drawn[next++];
  }
}

}  // namespace outthink
