// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstring>
#include <tuple>
#include <type_traits>
#include <utility>

namespace outthink {

/// @brief Arrays of equal length in one allocation: the columns of a structure of arrays.
///
/// `column<I>()` is the array of the I-th type. Adding rows to a dozen vectors costs a dozen
/// checks and allocations; here it costs one.
/// Requires: trivially copyable types. Cost: amortised O(1) a row. Errors: `std::bad_alloc`.
template <class... Ts>
requires(std::is_trivially_copyable_v<Ts>&&...) class column_block {
 public:
  column_block() = default;
  column_block(column_block&& other) noexcept { swap(other); }
  column_block& operator=(column_block&& other) noexcept {
    swap(other);
    return *this;
  }
  ~column_block() { ::operator delete(memory_); }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  template <std::size_t I>
  [[nodiscard]] auto* column() const noexcept {
    return std::get<I>(columns_);
  }

  /// Removes all rows and keeps their memory.
  void clear() noexcept { size_ = 0; }

  /// Adds `count` rows, each with the given values.
  void add(std::size_t count, Ts... values) {
    if (size_ + count > capacity_) grow(size_ + count);
    const auto fill = [&]<class T>(T* begin, T value) {
      for (std::size_t i = size_; i < size_ + count; ++i) begin[i] = value;
    };
    std::apply([&](Ts*... begin) { (fill(begin, values), ...); }, columns_);
    size_ += count;
  }

 private:
  void grow(std::size_t needed) {
    // Multiples of 64 rows keep every column's begin aligned, whatever its type.
    const std::size_t wanted = needed > 2 * capacity_ ? needed : 2 * capacity_;
    const std::size_t rows = (wanted + 63) / 64 * 64;
    auto* const memory = static_cast<std::byte*>(::operator new((rows * (sizeof(Ts) + ...))));
    std::byte* at = memory;
    const auto move_column = [&]<class T>(T*& column) {
      if (size_ > 0) std::memcpy(at, column, size_ * sizeof(T));
      column = reinterpret_cast<T*>(at);
      at += rows * sizeof(T);
    };
    std::apply([&](Ts*&... column) { (move_column(column), ...); }, columns_);
    ::operator delete(std::exchange(memory_, memory));
    capacity_ = rows;
  }

  void swap(column_block& other) noexcept {
    std::swap(columns_, other.columns_);
    std::swap(memory_, other.memory_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

  std::tuple<Ts*...> columns_{};
  std::byte* memory_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace outthink
