// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/simd/vector.hpp>

#include <cstddef>

namespace outthink::kernels {

/// Operands of `rotate_pairs`.
struct rotate_pairs_args {
  float* vectors;        ///< [heads][head_dim], rotated in place
  const float* cosines;  ///< [rotated], each angle's cosine twice: c₀ c₀ c₁ c₁ …
  const float* sines;  ///< [rotated], each angle's sine with both signs: -s₀ s₀ -s₁ s₁ …
  std::size_t heads;   ///< may be 0
  std::size_t head_dim;  ///< floats of a head
  std::size_t rotated;   ///< leading floats of a head that are rotated; even, <= head_dim
};

}  // namespace outthink::kernels

#define OUTTHINK_KERNEL <outthink/kernels/simd/rotate_pairs.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief Turns neighbouring pairs of floats by one angle per pair (rotary position embedding).
///
/// How it works: (x₂ᵢ, x₂ᵢ₊₁) becomes (x₂ᵢ cᵢ - x₂ᵢ₊₁ sᵢ, x₂ᵢ₊₁ cᵢ + x₂ᵢ sᵢ), for every head alike.
/// Cost: linear, allocates nothing. Errors: none. Determinism: a function of its operands.
/// Reference: Su et al., RoFormer, 2021, arXiv:2104.09864, equation 34, interleaved as there.
inline void rotate_pairs(const rotate_pairs_args& args) noexcept {
  detail::dispatch([&](auto isa) { rotate_pairs(isa, args); });
}

}  // namespace outthink::kernels
