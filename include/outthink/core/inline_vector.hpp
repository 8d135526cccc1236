// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

namespace outthink {

/// @brief A sequence that holds up to `Capacity` elements without allocating.
///
/// Most answers of a verifier are one or a few numbers; a vector for each would cost more than the
/// rest of a search's work on the node.
template <class T, std::size_t Capacity>
requires std::is_trivially_copyable_v<T>
class inline_vector {
 public:
  inline_vector() = default;
  inline_vector(std::size_t count, T value) {
    for (std::size_t i = 0; i < count; ++i) push_back(value);
  }

  void push_back(T value) {
    if (size_ < Capacity) {
      inline_[size_] = value;
    } else {
      if (size_ == Capacity) spilled_.assign(inline_.begin(), inline_.end());
      spilled_.push_back(value);
    }
    ++size_;
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] const T* data() const noexcept {
    return size_ <= Capacity ? inline_.data() : spilled_.data();
  }
  [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return data()[i]; }
  [[nodiscard]] const T* begin() const noexcept { return data(); }
  [[nodiscard]] const T* end() const noexcept { return data() + size_; }

  friend bool operator==(const inline_vector& a, const inline_vector& b) {
    if (a.size_ != b.size_) return false;
    for (std::size_t i = 0; i < a.size_; ++i) {
      if (!(a[i] == b[i])) return false;
    }
    return true;
  }

 private:
  std::array<T, Capacity> inline_{};
  std::size_t size_ = 0;
  std::vector<T> spilled_;
};

}  // namespace outthink
