// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

namespace outthink {

/// @brief A sequence that holds up to `Capacity` elements without allocating.
///
/// Most answers of a verifier are one or a few numbers; a vector for each would cost more than the
/// rest of a search's work on the node.
template <class T, std::size_t Capacity>
requires std::is_trivially_copyable_v<T>
class inline_vector {
 public:
  inline_vector() noexcept {}
  inline_vector(std::size_t count, T value) {
    for (std::size_t i = 0; i < count; ++i) push_back(value);
  }
  inline_vector(const inline_vector& other) {
    for (const T& value : other) push_back(value);
  }
  inline_vector(inline_vector&& other) noexcept { take(other); }
  inline_vector& operator=(inline_vector other) noexcept {
    delete[] spilled_;
    take(other);
    return *this;
  }
  ~inline_vector() { delete[] spilled_; }

  void push_back(T value) {
    if (size_ == capacity_) grow();
    elements()[size_++] = value;
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] const T* data() const noexcept { return begin(); }
  [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return begin()[i]; }
  [[nodiscard]] T& operator[](std::size_t i) noexcept { return elements()[i]; }
  [[nodiscard]] const T* begin() const noexcept { return spilled_ ? spilled_ : inline_; }
  [[nodiscard]] const T* end() const noexcept { return begin() + size_; }

  friend bool operator==(const inline_vector& a, const inline_vector& b) {
    bool equal = a.size() == b.size();
    for (std::size_t i = 0; equal && i < a.size(); ++i) equal = a[i] == b[i];
    return equal;
  }

 private:
  [[nodiscard]] T* elements() noexcept { return spilled_ ? spilled_ : inline_; }

  void grow() {
    T* const larger = new T[4 * capacity_];
    for (std::size_t i = 0; i < size_; ++i) larger[i] = begin()[i];
    delete[] std::exchange(spilled_, larger);
    capacity_ *= 4;
  }

  void take(inline_vector& other) noexcept {
    spilled_ = std::exchange(other.spilled_, nullptr);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, Capacity);
    if (spilled_) return;
    for (std::size_t i = 0; i < size_; ++i) inline_[i] = other.inline_[i];
  }

  T* spilled_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = Capacity;
  T inline_[Capacity];  // not initialised beyond `size_`
};

}  // namespace outthink
