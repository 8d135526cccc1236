// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>

namespace outthink::kernels::detail {

/// Numbers in [0, 1) derived from one: the first is that number, the others are its bits mixed.
class uniforms {
 public:
  explicit uniforms(double first) noexcept
      : next_(first), state_(std::bit_cast<std::uint64_t>(first)) {}

  double operator()() noexcept {
    const double now = next_;
    // SplitMix64 (G. Steele, D. Lea, C. Flood, 2014).
    std::uint64_t x = state_ += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    next_ = static_cast<double>((x ^ (x >> 31)) >> 11) * 0x1p-53;
    return now;
  }

 private:
  double next_;
  std::uint64_t state_;
};

}  // namespace outthink::kernels::detail
