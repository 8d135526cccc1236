// SPDX-License-Identifier: MIT
//
// Compiles the file named by OUTTHINK_KERNEL once for every instruction set of this architecture.
//
// The file sees OUTTHINK_TARGET, the namespace to put everything in, and OUTTHINK_LANES, the floats
// in a vector. It must include nothing, and every header it needs must come before: a function of
// another namespace compiled inside a region could be kept by the linker for machines without it.

#ifndef OUTTHINK_KERNEL
#error "define OUTTHINK_KERNEL as the file to compile for every target"
#endif

#if defined(__clang__)
#define OUTTHINK_UNROLL _Pragma("clang loop unroll(full)")
#else
#define OUTTHINK_UNROLL _Pragma("GCC unroll 16")
#endif

#define OUTTHINK_TARGET baseline
#define OUTTHINK_LANES 4
#include OUTTHINK_KERNEL
#undef OUTTHINK_TARGET
#undef OUTTHINK_LANES

#if defined(__x86_64__)

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c")
#endif
#define OUTTHINK_TARGET avx2
#define OUTTHINK_LANES 8
#include OUTTHINK_KERNEL
#undef OUTTHINK_TARGET
#undef OUTTHINK_LANES
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#if defined(__clang__)
#pragma clang attribute push(                                                    \
    __attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl"))), \
    apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl")
#endif
#define OUTTHINK_TARGET avx512
#define OUTTHINK_LANES 16
#include OUTTHINK_KERNEL
#undef OUTTHINK_TARGET
#undef OUTTHINK_LANES
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif  // __x86_64__

#undef OUTTHINK_UNROLL
#undef OUTTHINK_KERNEL
