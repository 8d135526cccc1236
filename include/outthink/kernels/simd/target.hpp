// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace outthink::kernels {

/// Instruction sets that kernels are compiled for, each including those before it.
enum class simd_target : int {
  baseline,  ///< what the compiler was told to use: at least SSE2 on x86-64, NEON on aarch64
  avx2,      ///< x86-64 with AVX2, FMA and F16C
  avx512,    ///< x86-64 with AVX-512 F, BW, DQ and VL
};

/// The widest instruction set that this machine and its operating system support.
[[nodiscard]] inline simd_target widest_target() noexcept {
#if defined(__x86_64__)
  static const simd_target widest = [] {
    __builtin_cpu_init();
    std::uint32_t eax = 1, ebx = 0, ecx = 0, edx = 0;
    __asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
    const bool f16c = (ecx >> 29 & 1) != 0;  // older compilers' test does not know its name
    const bool avx2 = f16c && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    if (avx2 && avx512) return simd_target::avx512;
    return avx2 ? simd_target::avx2 : simd_target::baseline;
  }();
  return widest;
#else
  return simd_target::baseline;
#endif
}

namespace detail {

// Read and written with the compiler's atomics: <atomic> would be most of what a kernel's header
// costs to include.
inline int target_limit = static_cast<int>(simd_target::avx512);

}  // namespace detail

/// @brief Forbids kernels to use an instruction set wider than `widest`, from the next call on.
///
/// For tests, and for comparing machines: results of different targets agree within a kernel's
/// stated tolerance, not bit for bit. Thread-safe, but a computation under way may see both.
inline void limit_target(simd_target widest) noexcept {
  __atomic_store_n(&detail::target_limit, static_cast<int>(widest), __ATOMIC_RELAXED);
}

/// The instruction set that kernels use now.
[[nodiscard]] inline simd_target current_target() noexcept {
  const auto limit =
      static_cast<simd_target>(__atomic_load_n(&detail::target_limit, __ATOMIC_RELAXED));
  return limit < widest_target() ? limit : widest_target();
}

}  // namespace outthink::kernels
