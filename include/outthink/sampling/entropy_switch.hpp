// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace outthink {

/// Which of two models writes.
enum class model_size : std::uint8_t { small, large };

/// When the writer changes.
struct entropy_switch_options {
  double threshold = 0.5;  ///< mean entropy, in bits, above which the large model writes
  std::size_t window = 5;  ///< tokens that the mean goes over; at least 1
  std::size_t stay = 10;   ///< tokens between two changes, at least
};

/// @brief Lets a large model write where the writer is unsure, and a small one elsewhere: entropy
/// adaptive decoding.
///
/// How it works: `next(entropy)` takes the entropy of the distribution from which the writer draws
/// its next token, before any temperature, and gives who writes that token. If the mean over the
/// last `window` tokens is above `threshold` the large model writes, if it is below the small one,
/// but nothing changes before `stay` tokens since the last change, or the beginning. Whoever begins
/// to write must first read what it missed.
///
/// Shapes and units: bits, as `kernels::entropy` gives them after a division by ln 2. Requires:
/// window ≥ 1. Cost: O(1) a token; the window's memory. Errors: `errc::invalid_argument` for a
/// window of 0. Determinism: a function of the entropies in their order. Numerics: a mean that
/// equals the threshold changes nothing, and neither does NaN, which counts until it has left the
/// window. Reference: T. Simonds 2025, "Entropy adaptive decoding", arXiv:2502.06833; there both
/// branches hold at the threshold. Example: tests/sampling/entropy_switch.cpp.
class entropy_switch {
 public:
  explicit entropy_switch(const entropy_switch_options& options = {}) : options_(options) {
    require(options.window >= 1, "entropy_switch_options.window must be positive");
    recent_.reserve(options.window);
  }

  /// Who writes the next token, whose entropy is that of the present writer's distribution.
  model_size next(double entropy) {
    if (recent_.size() < options_.window) {
      recent_.push_back(entropy);
    } else {
      recent_[tokens_ % options_.window] = entropy;
    }
    ++tokens_;
    ++since_change_;
    double sum = 0;
    for (const double one : recent_) sum += one;
    const double mean = sum / static_cast<double>(recent_.size());
    const model_size wanted = mean > options_.threshold   ? model_size::large
                              : mean < options_.threshold ? model_size::small
                                                          : writer_;
    if (wanted != writer_ && since_change_ >= options_.stay) {
      writer_ = wanted;
      since_change_ = 0;
    }
    return writer_;
  }

  [[nodiscard]] model_size writer() const noexcept { return writer_; }

 private:
  entropy_switch_options options_;
  std::vector<double> recent_;
  std::size_t tokens_ = 0;
  std::size_t since_change_ = 0;
  model_size writer_ = model_size::small;
};

}  // namespace outthink
