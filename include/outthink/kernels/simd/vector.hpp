// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/simd/target.hpp>

#include <cstddef>
#include <cstdint>

#define OUTTHINK_KERNEL <outthink/kernels/simd/vector.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels::detail {

/// Calls `leave` of a target when it goes.
template <class Isa>
struct leaving {
  ~leaving() { leave(Isa{}); }
};

/// @brief Calls `kernel` with the tag of the instruction set that `current_target` asks for, and
/// returns what it returns.
///
/// A kernel's body is compiled once for every target, each in the target's namespace and with its
/// tag `isa` as the first parameter: `[&](auto isa) { return body(isa, arguments); }` finds the one
/// that belongs to the tag. The lambda itself is compiled for the baseline: no vectors in it.
template <class Kernel>
inline auto dispatch(const Kernel& kernel) noexcept {
#if defined(__x86_64__)
  switch (current_target()) {
    case simd_target::avx512: {
      const leaving<avx512::isa> after;
      return kernel(avx512::isa{});
    }
    case simd_target::avx2: {
      const leaving<avx2::isa> after;
      return kernel(avx2::isa{});
    }
    case simd_target::baseline:
      break;
  }
#endif
  return kernel(baseline::isa{});
}

}  // namespace outthink::kernels::detail
