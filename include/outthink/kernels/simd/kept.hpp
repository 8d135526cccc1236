// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/argmax.hpp>
#include <outthink/kernels/simd/weights.hpp>

#include <cstddef>
#include <cstdint>

namespace outthink::kernels::detail {

/// A token drawn, and its probability in the distribution that it was drawn from.
struct drawn {
  std::size_t token;
  double probability;
};

}  // namespace outthink::kernels::detail

#define OUTTHINK_KERNEL <outthink/kernels/simd/kept.inl>
#include <outthink/kernels/simd/for_each_target.inl>
