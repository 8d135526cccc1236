// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/simd/maxima.hpp>

#include <cstddef>
#include <cstdint>

#define OUTTHINK_KERNEL <outthink/kernels/simd/band.inl>
#include <outthink/kernels/simd/for_each_target.inl>
