// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/simd/target.hpp>

#include <cstddef>
#include <cstdint>

#define OUTTHINK_KERNEL <outthink/kernels/simd/vector.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels::detail {

/// Calls the one of three per-target functions that `current_target` asks for.
template <class Result, class Argument>
inline Result dispatch(Result (*baseline)(const Argument&) noexcept,
                       Result (*avx2)(const Argument&) noexcept,
                       Result (*avx512)(const Argument&) noexcept,
                       const Argument& argument) noexcept {
  switch (current_target()) {
    case simd_target::avx512:
      return avx512(argument);
    case simd_target::avx2:
      return avx2(argument);
    case simd_target::baseline:
      break;
  }
  return baseline(argument);
}

}  // namespace outthink::kernels::detail
