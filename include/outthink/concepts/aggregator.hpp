// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/candidate.hpp>
#include <outthink/core/outcome.hpp>

#include <concepts>
#include <cstddef>
#include <span>

namespace outthink {

/// What an aggregator decides.
struct decision {
  std::size_t chosen = outcome::none;  ///< position of the answer's representative, or `none`
  double confidence = 0;               ///< in [0, 1]
};

/// @brief Chooses one answer from finished solutions.
///
/// Semantic requirements that the compiler cannot check:
/// 1. The decision is a function of the candidates and their order alone.
/// 2. `chosen` is a valid position, or `outcome::none` if there is nothing to choose: no candidate,
///    or for a vote none with an answer.
///
/// Expressions:
/// * `a(candidates)`: the decision over a `std::span<const candidate>`.
///
/// Models in this library: `b4`, `best_score`, `borda_vote`, `codet`, `confidence_vote`,
/// `consensus`, `filter_and_cluster`, `functional_consensus`, `hierarchical_vote`, `majority_vote`,
/// `max_pass`, `mean_vote`, `soft_best_of_n`, `verdict_vote`, `weighted_vote`.
/// Smallest model: `tests/archetypes/aggregator.hpp`.
template <class A>
concept aggregator = requires(const A& a, std::span<const candidate> candidates) {
  { a(candidates) } -> std::convertible_to<decision>;
};

namespace detail {

/// Says in a sentence which requirement of `aggregator` a type lacks.
template <class A>
consteval bool diagnose_aggregator() {
  static_assert(aggregator<A>,
                "outthink: an aggregator needs `decision operator()(std::span<const candidate>) "
                "const`, which returns the position of the chosen candidate and a confidence");
  return aggregator<A>;
}

}  // namespace detail

}  // namespace outthink
