// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/search_tree.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace outthink {

/// @brief A trace: the problem and the steps up to a node, read from the tree without copying.
///
/// Requires: the tree outlives the view and is not changed while another thread reads through it;
/// the scheduler changes no tree whose requests are under way.
/// Cost: two words; `prompt()` is O(depth), `text()` and its like O(length + depth).
class trace_view {
 public:
  trace_view(const text_tree& tree, node_id node) noexcept : tree_(&tree), node_(node) {}

  [[nodiscard]] node_id node() const noexcept { return node_; }
  /// The tree that the trace is read from.
  [[nodiscard]] const text_tree& tree() const noexcept { return *tree_; }
  /// Number of steps after the problem.
  [[nodiscard]] std::size_t steps() const { return tree_->depth(node_); }
  /// True if the solution is complete.
  [[nodiscard]] bool finished() const { return tree_->status(node_) == node_status::finished; }
  /// The problem as the model reads it: that of the root above the node.
  [[nodiscard]] std::string_view prompt() const {
    node_id at = node_;
    while (tree_->parent(at) != node_id::none) at = tree_->parent(at);
    return tree_->payload(at).text;
  }

  /// The trace of the first `steps` steps, at most all; the whole trace ends where this one does.
  [[nodiscard]] trace_view prefix(std::size_t steps) const {
    if (steps >= this->steps()) return *this;
    node_id at = node_;
    while (tree_->depth(at) > steps) at = tree_->parent(at);
    while (tree_->stepless(at)) at = tree_->parent(at);
    return {*tree_, at};
  }

  /// The texts of the steps, without the problem.
  [[nodiscard]] std::vector<std::string_view> step_texts() const {
    std::vector<std::string_view> texts;
    for (const node_id node : tree_->path(node_)) texts.push_back(tree_->payload(node).text);
    return texts;
  }

  /// Appends the steps' text, without the problem, to `out`.
  void append_solution(std::string& out) const {
    std::size_t size = 0;
    for (node_id at = node_; tree_->parent(at) != node_id::none; at = tree_->parent(at)) {
      size += tree_->payload(at).text.size();
    }
    std::size_t end = out.size() + size;
    out.resize(end);
    for (node_id at = node_; tree_->parent(at) != node_id::none; at = tree_->parent(at)) {
      const std::string_view step = tree_->payload(at).text;
      end -= step.size();
      step.copy(out.data() + end, step.size());
    }
  }

  /// The steps' text, without the problem.
  [[nodiscard]] std::string solution() const {
    std::string out;
    append_solution(out);
    return out;
  }

  /// Everything so far: the problem and the steps.
  [[nodiscard]] std::string text() const {
    std::string out(prompt());
    append_solution(out);
    return out;
  }

 private:
  const text_tree* tree_;
  node_id node_;
};

}  // namespace outthink
