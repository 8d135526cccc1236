// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/transformer/hyperparameters.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

namespace outthink::backends::llama {

/// @brief Cosines and sines of the position rotations, laid out for `kernels::rotate_pairs`.
///
/// How it works: pair i of position p turns by p · base^(-2i / rotated). Rows are added when a
/// position is first reached, so memory follows the longest sequence, not the stated context.
/// Numerics: computed in double precision, rounded once.
class rotary_table {
 public:
  explicit rotary_table(const hyperparameters& h) : rotated_(h.rotated) {
    for (std::size_t i = 0; i < h.rotated; i += 2)
      frequencies_.push_back(
          std::pow(h.rope_base, -static_cast<double>(i) / static_cast<double>(h.rotated)));
  }

  /// Covers positions 0 … positions - 1; pointers handed out earlier become invalid.
  void extend(std::size_t positions) {
    cosines_.reserve(positions * rotated_);
    sines_.reserve(positions * rotated_);
    for (std::size_t p = cosines_.size() / rotated_; p < positions; ++p)
      for (const double frequency : frequencies_) {
        const double angle = static_cast<double>(p) * frequency;
        const auto cosine = static_cast<float>(std::cos(angle));
        const auto sine = static_cast<float>(std::sin(angle));
        cosines_.insert(cosines_.end(), {cosine, cosine});
        sines_.insert(sines_.end(), {-sine, sine});
      }
  }

  [[nodiscard]] const float* cosines(std::size_t position) const noexcept {
    return cosines_.data() + position * rotated_;
  }
  [[nodiscard]] const float* sines(std::size_t position) const noexcept {
    return sines_.data() + position * rotated_;
  }

 private:
  std::size_t rotated_;
  std::vector<double> frequencies_;
  std::vector<float> cosines_;
  std::vector<float> sines_;
};

}  // namespace outthink::backends::llama
