// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink {

/// @brief Stores many short texts; none ever moves.
///
/// Texts lie one after another in blocks whose size doubles from 256 bytes to 64 KiB, so that a
/// small search stays small and a large one wastes little. Views stay valid, through moves of the
/// arena too, until it is cleared or destroyed.
/// Cost: a copy of the bytes; amortised no allocation. Errors: `std::bad_alloc`.
class text_arena {
 public:
  text_arena() = default;
  text_arena(text_arena&& other) noexcept
      : blocks_(std::move(other.blocks_)),
        end_(std::exchange(other.end_, nullptr)),
        left_(std::exchange(other.left_, 0)) {}
  text_arena& operator=(text_arena&& other) noexcept {
    blocks_.swap(other.blocks_);
    std::swap(end_, other.end_);
    std::swap(left_, other.left_);
    return *this;
  }

  /// Copies `text` into the arena and returns the view of the copy.
  std::string_view store(std::string_view text) {
    if (text.size() > left_) grow(text.size());
    char* const begin = end_;
    if (!text.empty()) std::memcpy(begin, text.data(), text.size());
    end_ += text.size();
    left_ -= text.size();
    return {begin, text.size()};
  }

  /// Forgets all texts; the latest block is kept for those to come.
  void clear() noexcept {
    if (blocks_.empty()) return;
    blocks_.erase(blocks_.begin(), blocks_.end() - 1);
    end_ = blocks_.back().data();
    left_ = blocks_.back().size();
  }

 private:
  static constexpr std::size_t kFirstBlock = 256;
  static constexpr std::size_t kLargestBlock = std::size_t{64} * 1024;

  void grow(std::size_t needed) {
    const std::size_t doubled = blocks_.empty() ? kFirstBlock : 2 * blocks_.back().size();
    const std::size_t usual = doubled < kLargestBlock ? doubled : kLargestBlock;
    const std::size_t size = needed > usual ? needed : usual;
    blocks_.emplace_back(size);
    end_ = blocks_.back().data();
    left_ = size;
  }

  std::vector<std::vector<char>> blocks_;
  char* end_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace outthink
