// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace outthink::kernels {

/// What a kernel gives instead of a token when the row has none to give: it is empty, or every
/// logit is -inf or NaN.
inline constexpr std::size_t no_token = static_cast<std::size_t>(-1);

/// A token, by its place in the row, and its logit or log-probability.
struct token_logit {
  std::uint32_t token;
  float logit;

  friend bool operator==(const token_logit&, const token_logit&) = default;
};

/// An amount added to a token's logit.
struct token_bias {
  std::uint32_t token;
  float bias;

  friend bool operator==(const token_bias&, const token_bias&) = default;
};

}  // namespace outthink::kernels
