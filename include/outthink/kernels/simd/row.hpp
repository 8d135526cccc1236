// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/simd/narrow.hpp>

#include <cstddef>
#include <cstdint>

#define OUTTHINK_KERNEL <outthink/kernels/simd/row.inl>
#include <outthink/kernels/simd/for_each_target.inl>
