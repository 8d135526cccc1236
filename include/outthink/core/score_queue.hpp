// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace outthink {

/// @brief A queue that gives the item of the largest score first: the open list of a best-first
/// search.
///
/// Requires: fewer than 2^32 items in all. Cost: O(log size) for `add` and `take`; 8 bytes an item
/// and the item itself. Errors: `std::bad_alloc`.
/// Determinism: of equal scores the earlier added comes first. Numerics: NaN comes after all
/// others.
template <class Item>
class score_queue {
 public:
  [[nodiscard]] bool empty() const noexcept { return heap_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return heap_.size(); }
  /// The largest score; the queue must not be empty.
  [[nodiscard]] float top() const { return heap_.front().score; }

  void add(float score, Item item) {
    heap_.push_back({score, added_++, std::move(item)});
    std::push_heap(heap_.begin(), heap_.end(), comes_later{});
  }

  /// Takes the item of the largest score out; the queue must not be empty.
  [[nodiscard]] Item take() {
    std::pop_heap(heap_.begin(), heap_.end(), comes_later{});
    Item item = std::move(heap_.back().item);
    heap_.pop_back();
    return item;
  }

 private:
  struct entry {
    float score;
    std::uint32_t number;  // not wider: entries of handles take 12 bytes, and more stay in cache
    Item item;
  };

  struct comes_later {
    bool operator()(const entry& a, const entry& b) const noexcept {
      if (a.score < b.score) return true;
      if (a.score > b.score) return false;
      const bool counts = a.score == a.score, other_counts = b.score == b.score;
      return counts == other_counts ? a.number > b.number : other_counts;
    }
  };

  std::vector<entry> heap_;
  std::uint32_t added_ = 0;
};

}  // namespace outthink
