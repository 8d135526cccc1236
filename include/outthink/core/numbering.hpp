// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/random_stream.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace outthink {

/// @brief Numbers different keys by first appearance: the states that a search has met.
///
/// How it works: open addressing over the keys' `std::hash`, at most half full. In place of
/// `std::unordered_map`, which would cost a policy's header a fifth of its compile time.
/// Requires: keys that can be copied, compared and hashed. Cost: O(1) expected; 4 to 8 bytes a key
/// beside it. Errors: `std::bad_alloc`, what the key throws; at most 2^32 - 1 keys.
/// Determinism: numbers depend on the order of the keys alone.
template <class Key>
class numbering {
 public:
  struct place {
    std::size_t number;  ///< of the key, from 0
    bool is_new;         ///< it was not met before
  };

  place add(const Key& key) {
    if (2 * (keys_.size() + 1) > slots_.size()) grow();
    std::uint32_t& slot = slots_[slot_of(key)];
    if (slot != 0) return {slot - 1, false};
    keys_.push_back(key);
    slot = static_cast<std::uint32_t>(keys_.size());
    return {keys_.size() - 1, true};
  }

  /// The key's number, or `size()` if it was not met.
  [[nodiscard]] std::size_t find(const Key& key) const {
    const std::uint32_t number = slots_.empty() ? 0 : slots_[slot_of(key)];
    return number == 0 ? keys_.size() : number - 1;
  }

  [[nodiscard]] std::size_t size() const noexcept { return keys_.size(); }
  [[nodiscard]] const Key& operator[](std::size_t number) const { return keys_[number]; }

 private:
  // Place of the slot that holds the key's number, counted from 1, or that is free for it.
  [[nodiscard]] std::size_t slot_of(const Key& key) const {
    const std::size_t mask = slots_.size() - 1;
    auto at = static_cast<std::size_t>(mix_bits(std::hash<Key>{}(key))) & mask;
    while (slots_[at] != 0 && !(keys_[slots_[at] - 1] == key)) at = (at + 1) & mask;
    return at;
  }

  void grow() {
    slots_.assign(slots_.empty() ? 16 : 2 * slots_.size(), 0);
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      slots_[slot_of(keys_[i])] = static_cast<std::uint32_t>(i + 1);
    }
  }

  std::vector<Key> keys_;
  std::vector<std::uint32_t> slots_;  // a power of two of them
};

}  // namespace outthink
