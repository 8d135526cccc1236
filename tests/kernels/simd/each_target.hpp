// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/simd/target.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <random>
#include <vector>

namespace outthink::test {

/// Whether the upper halves of the vector registers are in use, which slows down SSE code.
inline bool wide_registers_in_use() {
#if defined(__x86_64__)
  if (kernels::widest_target() != kernels::simd_target::avx512) return false;
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(1));
  return (low & (1U << 2 | 1U << 6)) != 0;
#else
  return false;
#endif
}

/// Calls `check` once for every instruction set of this machine; on aarch64 that is `baseline`
/// alone, which is NEON there. After `check` has run a kernel it
/// may look at `wide_registers_in_use`.
template <class Check>
void for_each_target(const Check& check) {
  using kernels::simd_target;
  for (const auto target : {simd_target::baseline, simd_target::avx2, simd_target::avx512}) {
    if (target > kernels::widest_target()) continue;
    kernels::limit_target(target);
    CAPTURE(static_cast<int>(target));
    check();
  }
  kernels::limit_target(simd_target::avx512);
}

inline std::vector<float> random_floats(std::size_t count, unsigned seed, float spread = 1) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal(0, spread);
  std::vector<float> floats(count);
  for (float& x : floats) x = normal(generator);
  return floats;
}

}  // namespace outthink::test
