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
/// Cost: O(log size) for `add` and `take`. Errors: `std::bad_alloc`.
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
    std::push_heap(heap_.begin(), heap_.end(), &comes_later);
  }

  /// Takes the item of the largest score out; the queue must not be empty.
  [[nodiscard]] Item take() {
    std::pop_heap(heap_.begin(), heap_.end(), &comes_later);
    Item item = std::move(heap_.back().item);
    heap_.pop_back();
    return item;
  }

 private:
  struct entry {
    float score;
    std::uint64_t number;
    Item item;
  };

  static bool comes_later(const entry& a, const entry& b) noexcept {
    if (a.score < b.score || (a.score != a.score && b.score == b.score)) return true;
    if (b.score < a.score || (b.score != b.score && a.score == a.score)) return false;
    return a.number > b.number;
  }

  std::vector<entry> heap_;
  std::uint64_t added_ = 0;
};

}  // namespace outthink
