// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/frontier.hpp>
#include <outthink/core/search_tree.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace outthink {

/// @brief The children among which tree search chooses, as arrays, the earliest first.
///
/// How it works: `gather` copies what the tree knows of those children of a node that have been
/// visited and are open, or on demand finished; one object serves one node after the other, so that
/// it rarely allocates. Shapes and units: every span is [size()]; `values` are sums over the
/// visits. Cost: `gather` is O(children). Errors: `std::bad_alloc`.
class open_children {
 public:
  /// With `best_values` the tree's values are bests, not sums, and each counts for every visit.
  template <class Tree>
  void gather(const Tree& tree, node_id node, bool best_values = false,
              bool with_finished = false) {
    end_ = begin_ = tree.child_count(node);
    known_ = 0;
    if (end_ > nodes_.size()) grow(2 * end_);
    tree.for_each_child(node, [&](node_id child) {
      const node_knowledge seen = tree.known(child);
      if (seen.visits == 0) return;
      ++known_;
      const bool wanted = with_finished && seen.status == node_status::finished;
      if (seen.status != node_status::open && !wanted) return;
      tree.expect_children(child);
      nodes_[--begin_] = child;
      visits_[begin_] = seen.visits;
      values_[begin_] = seen.value * (best_values ? static_cast<float>(seen.visits) : 1.0F);
      priors_[begin_] = seen.prior;
    });
  }

  [[nodiscard]] std::size_t size() const noexcept { return end_ - begin_; }
  [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
  /// How many children have been visited, those that are not open included.
  [[nodiscard]] std::size_t known() const noexcept { return known_; }
  [[nodiscard]] node_id operator[](std::size_t i) const noexcept { return nodes_[begin_ + i]; }
  [[nodiscard]] std::span<const std::uint32_t> visits() const noexcept {
    return {visits_.data() + begin_, size()};
  }
  [[nodiscard]] std::span<const float> values() const noexcept {
    return {values_.data() + begin_, size()};
  }
  [[nodiscard]] std::span<const float> priors() const noexcept {
    return {priors_.data() + begin_, size()};
  }
  /// The mean value of child `i`.
  [[nodiscard]] float mean(std::size_t i) const noexcept {
    return values()[i] / static_cast<float>(visits()[i]);
  }

 private:
  void grow(std::size_t size) {
    nodes_.resize(size);
    visits_.resize(size);
    values_.resize(size);
    priors_.resize(size);
  }

  // Filled from the back, as a tree gives the latest child first.
  std::size_t begin_ = 0, end_ = 0, known_ = 0;
  frontier nodes_;
  std::vector<std::uint32_t> visits_;
  std::vector<float> values_, priors_;
};

}  // namespace outthink
