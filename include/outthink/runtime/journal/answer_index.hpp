// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/runtime/journal/digest.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace outthink::detail {

/// Where an answer is: in which of the files that are read, and its id there.
struct answer_place {
  std::size_t file = 0;
  std::int64_t id = 0;
};

/// @brief Where the answers are, found by their keys.
///
/// How it works: a hash table with open addressing and linear probing; keys are digests, and so
/// hashes already. Requires: ids are positive. Cost: 50 to 100 bytes an answer, O(1), one miss of
/// the cache. Errors: `std::bad_alloc`.
class answer_index {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// Adds an answer; where there is one with this key, that one stays.
  void add(const digest& key, answer_place place) {
    if (3 * (size_ + 1) > 2 * slots_.size()) grow();
    slot& at = slots_[find_slot(key)];
    if (at.place.id != 0) return;
    at = {key, place};
    ++size_;
  }

  /// Where the answer is; a null pointer if there is none.
  [[nodiscard]] const answer_place* find(const digest& key) const noexcept {
    if (slots_.empty()) return nullptr;
    const slot& at = slots_[find_slot(key)];
    return at.place.id == 0 ? nullptr : &at.place;
  }

 private:
  struct slot {
    digest key;
    answer_place place;  // id 0: the slot is free
  };

  // The slot of a key, or the free one where it belongs. Sizes are powers of two.
  [[nodiscard]] std::size_t find_slot(const digest& key) const noexcept {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = static_cast<std::size_t>(key.first) & mask;
    while (slots_[at].place.id != 0 && slots_[at].key != key) at = (at + 1) & mask;
    return at;
  }

  void grow() {
    std::vector<slot> old(slots_.empty() ? 64 : 2 * slots_.size());
    old.swap(slots_);
    for (const slot& one : old) {
      if (one.place.id != 0) slots_[find_slot(one.key)] = one;
    }
  }

  std::vector<slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace outthink::detail
