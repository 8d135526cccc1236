// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <span>

namespace outthink {

/// @brief Decides from the votes so far whether more of them are worth their price.
///
/// Semantic requirements that the compiler cannot check:
/// 1. Its answer depends on the votes alone.
///
/// Expressions:
/// * `r(votes)`: true if no more are wanted; `votes` are the answers given so far, in order, as
///   numbers: equal ones for equal answers, counted up by first appearance. There may be none yet.
///
/// Models in this library: the headers of `stopping/`.
/// Smallest model: `tests/archetypes/stop_rule.hpp`.
template <class R>
concept stop_rule = requires(const R& r, std::span<const std::uint32_t> votes) {
  { r(votes) } -> std::convertible_to<bool>;
};

}  // namespace outthink
