// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/simd/maxima.hpp>
#include <outthink/kernels/token_logit.hpp>

#include <cstddef>
#include <cstdint>

namespace outthink::kernels::detail {

/// How many tokens a top-k ranks with vectors; more are collected in index order and sorted after.
inline constexpr std::size_t most_ranked = 512;
inline constexpr std::size_t most_candidates = 1024;

}  // namespace outthink::kernels::detail

#define OUTTHINK_KERNEL <outthink/kernels/simd/candidates.inl>
#include <outthink/kernels/simd/for_each_target.inl>
