// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/simd/candidates.hpp>
#include <outthink/kernels/simd/kept.hpp>

#include <cstddef>
#include <cstdint>

#define OUTTHINK_KERNEL <outthink/kernels/simd/nucleus.inl>
#include <outthink/kernels/simd/for_each_target.inl>
