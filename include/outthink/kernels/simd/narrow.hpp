// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/bfloat16.hpp>
#include <outthink/kernels/half.hpp>
#include <outthink/kernels/simd/vector.hpp>

#include <cstddef>
#include <cstdint>

#define OUTTHINK_KERNEL <outthink/kernels/simd/narrow.inl>
#include <outthink/kernels/simd/for_each_target.inl>
