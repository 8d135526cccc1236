// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/bfloat16.hpp>
#include <outthink/kernels/half.hpp>

#include <concepts>
#include <span>

namespace outthink::kernels {

/// A row of logits as a model leaves it: what a span of constant floats, bfloat16s or halves can be
/// made from, such as a span or a vector of them. Kernels widen what they load, exactly, and
/// compute in single precision: the result is that of the same row of floats, bit for bit.
template <class Row>
concept logit_row = std::convertible_to<const Row&, std::span<const float>> ||
    std::convertible_to<const Row&, std::span<const bfloat16>> ||
    std::convertible_to<const Row&, std::span<const half>>;

namespace detail {

template <logit_row Row>
[[nodiscard]] constexpr auto span_of(const Row& row) noexcept {
  if constexpr (std::convertible_to<const Row&, std::span<const float>>)
    return std::span<const float>(row);
  else if constexpr (std::convertible_to<const Row&, std::span<const bfloat16>>)
    return std::span<const bfloat16>(row);
  else
    return std::span<const half>(row);
}

}  // namespace detail
}  // namespace outthink::kernels
