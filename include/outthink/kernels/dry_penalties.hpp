// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/token_logit.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace outthink::kernels {

/// Don't repeat yourself: what a repetition costs.
struct dry_options {
  float multiplier = 0.8F;         ///< of a repetition that has just become too long; 0 is off
  float base = 1.75F;              ///< of the growth with every token more; at least 1
  std::size_t allowed_length = 2;  ///< tokens that may be repeated before one more costs anything
  std::span<const std::uint32_t> breakers = {};  ///< tokens that end a repetition, as that of a
                                                 ///< line's end; never penalised themselves
};

/// Room for what `dry_penalties` finds.
class dry_workspace {
 public:
  /// For contexts of up to `length` tokens.
  explicit dry_workspace(std::size_t length) : matches_(length), penalties_(length) {}
  [[nodiscard]] std::span<std::uint32_t> matches() noexcept { return matches_; }
  [[nodiscard]] std::span<token_bias> penalties() noexcept { return penalties_; }

 private:
  std::vector<std::uint32_t> matches_;
  std::vector<token_bias> penalties_;
};

namespace detail {

/// matches[k]: how many tokens before the last k equal the last ones, read backwards.
inline void match_suffix(std::span<const std::uint32_t> text,
                         std::span<std::uint32_t> matches) noexcept {
  const std::size_t n = text.size();
  const std::uint32_t* const back = text.data() + n - 1;
  std::size_t left = 0, right = 0;  // [left, right), from the end, is known to equal the suffix
  for (std::size_t k = 1; k < n; ++k) {
    std::size_t length = k < right ? std::min<std::size_t>(right - k, matches[k - left]) : 0;
    while (k + length < n && *(back - length) == *(back - k - length)) ++length;
    matches[k] = static_cast<std::uint32_t>(length);
    if (k + length > right) left = k, right = k + length;
  }
}

}  // namespace detail

/// @brief Finds the tokens that would prolong a repetition, and how much to subtract from their
/// logits.
///
/// How it works: with L the length of the longest suffix of `context` that occurs before, followed
/// by token x, the bias of x is -multiplier · base^(L - allowed_length) if L ≥ allowed_length. A
/// suffix ends before the last breaker. All lengths come from one scan, the Z algorithm.
/// Shapes and units: `context` [n], oldest first: the tokens that count. The result lives in the
/// workspace until it is used again, tokens in ascending order, each once; pass it to `sample` as
/// its bias. Requires: a workspace for n tokens.
/// Cost: O(n) comparisons, a look at every breaker for each token of the suffix and of a
/// repetition, and a sort of the repetitions; allocates nothing. Errors: none.
/// Determinism: a function of the arguments. Numerics: powers in double, rounded once; a bias
/// beyond the lowest float is that float. An `allowed_length` of 0 counts as 1, the exponent apart.
/// Reference: P. E. Weidmann, "DRY: a modern repetition penalty", 2024, pull request 5677 of
/// text-generation-webui, which looks back at most 50 tokens. llama.cpp's breakers are strings of
/// several tokens, and it bounds the exponent, not the power.
inline std::span<const token_bias> dry_penalties(std::span<const std::uint32_t> context,
                                                 const dry_options& options,
                                                 dry_workspace& workspace) noexcept {
  const auto breaks = [&options](std::uint32_t token) {
    return std::find(options.breakers.begin(), options.breakers.end(), token) !=
           options.breakers.end();
  };
  const std::size_t n = context.size();
  const auto past_breaker = std::find_if(context.rbegin(), context.rend(), breaks);
  const auto longest = static_cast<std::size_t>(past_breaker - context.rbegin());
  const std::size_t shortest = std::max<std::size_t>(options.allowed_length, 1);
  if (longest < shortest || !(options.multiplier > 0)) return {};

  const std::span<std::uint32_t> matches = workspace.matches().first(n);
  detail::match_suffix(context, matches);
  token_bias* const found = workspace.penalties().data();
  token_bias* end = found;
  for (std::size_t k = 1; k < n; ++k) {
    const std::size_t length = std::min<std::size_t>(matches[k], longest);
    if (length < shortest || breaks(context[n - k])) continue;
    const double power =
        std::pow(static_cast<double>(options.base),
                 static_cast<double>(length) - static_cast<double>(options.allowed_length));
    const double penalty = static_cast<double>(options.multiplier) * power;
    constexpr double kMost = static_cast<double>(std::numeric_limits<float>::max());
    *end++ = {context[n - k], static_cast<float>(-std::min(penalty, kMost))};
  }
  std::sort(found, end, [](const token_bias& a, const token_bias& b) {
    return a.token < b.token || (a.token == b.token && a.bias < b.bias);
  });
  end = std::unique(found, end,
                    [](const token_bias& a, const token_bias& b) { return a.token == b.token; });
  return {found, end};
}

}  // namespace outthink::kernels
