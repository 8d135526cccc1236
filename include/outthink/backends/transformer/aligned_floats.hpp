// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>

namespace outthink::backends {

/// A block of floats that begins on a cache line, all zero at first.
class aligned_floats {
 public:
  aligned_floats() = default;
  explicit aligned_floats(std::size_t count)
      : floats_(static_cast<float*>(::operator new(count * sizeof(float), line))), size_(count) {
    std::fill_n(data(), count, 0.0F);
  }

  [[nodiscard]] float* data() noexcept { return floats_.get(); }
  [[nodiscard]] const float* data() const noexcept { return floats_.get(); }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// At least `count` floats from now on; what they held is lost if the block has to grow.
  void grow(std::size_t count) {
    if (count > size_) *this = aligned_floats(count);
  }

 private:
  static constexpr std::align_val_t line{64};
  struct release {
    void operator()(float* floats) const noexcept { ::operator delete(floats, line); }
  };
  std::unique_ptr<float[], release> floats_;
  std::size_t size_ = 0;
};

}  // namespace outthink::backends
